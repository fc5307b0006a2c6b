use suptree::prelude::*;

struct Cache(u8);

#[genserver(name = "cache_{id}")]
impl Cache {
    #[init]
    fn init(id: u8) -> Self {
        Self(id)
    }
}

fn main() {}
