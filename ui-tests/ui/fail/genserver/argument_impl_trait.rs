use suptree::prelude::*;

#[derive(Default)]
struct Cache(String);

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: impl Into<String>) {
        self.0 = new.into();
    }
}

fn main() {}
