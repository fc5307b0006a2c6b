use suptree::prelude::*;

struct Cache(u8);

#[genserver(name = id)]
impl Cache {
    #[init]
    fn init(id: u8) -> Self {
        Self(id)
    }
}

fn uses() {
    let _ = Cache::named("one");
}

fn main() {}
