use suptree::prelude::*;

#[derive(PartialEq, Eq, Hash, Debug)]
struct Id(u8);

struct Cache(Id);

#[genserver(name = id.0)]
impl Cache {
    #[init]
    fn init(id: Id) -> Self {
        Self(id)
    }
}

fn main() {}
