use suptree::prelude::*;

struct Disk(String);

#[genserver]
impl Disk {
    #[init]
    fn init(path: String) -> Self {
        Self(path)
    }
}


supervisor! { App<'a>(path: &'a str) { strategy: one_for_one, children: [Disk(path)] } }

fn main() {}
