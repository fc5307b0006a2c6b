use suptree::prelude::*;

#[derive(Default)]
struct Cache(usize);

#[genserver]
impl Cache {
    #[cast]
    fn save_all(&mut self, new: Vec<(u8, &[u8])>) {
        self.0 = new.len();
    }
}

fn main() {}
