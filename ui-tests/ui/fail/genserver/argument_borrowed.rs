use suptree::prelude::*;

#[derive(Default)]
struct Cache(String);

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: &str) {
        self.0 = new.to_owned();
    }
}

fn main() {}
