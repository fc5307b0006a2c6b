use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn take(&mut self, into: &mut Vec<u8>) {
        into.push(self.0);
    }
}

fn main() {}
