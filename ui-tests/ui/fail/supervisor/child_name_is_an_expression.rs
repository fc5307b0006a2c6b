use suptree::prelude::*;

struct Kept(u8);

#[genserver]
impl Kept {
    #[init]
    fn init(size: u8) -> Self {
        Self(size)
    }

    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

supervisor! { App(size: u8) { strategy: one_for_one, children: [Kept(size) as format!("kept_{size}")] } }

fn main() {}
