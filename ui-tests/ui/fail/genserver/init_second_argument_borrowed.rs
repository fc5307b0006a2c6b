use suptree::prelude::*;

struct Cache(usize);

#[genserver]
impl Cache {
    #[init]
    fn init(path: String, rows: &[u8]) -> Self {
        Self(path.len() + rows.len())
    }
}

fn main() {}
