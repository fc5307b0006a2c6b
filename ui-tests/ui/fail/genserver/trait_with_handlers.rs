use suptree::prelude::*;

#[genserver]
trait Store {
    #[call]
    fn get(&self) -> u8;

    #[cast]
    fn put(&mut self, to: u8);
}

fn main() {}
