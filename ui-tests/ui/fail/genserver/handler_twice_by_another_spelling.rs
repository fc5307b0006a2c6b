use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
    #[cast]
    fn r#get(&mut self) {}
}

fn main() {}
