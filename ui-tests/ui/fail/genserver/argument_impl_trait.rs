use suptree::prelude::*;

#[derive(Default)]
struct Cache(String);

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: impl ToString) {
        self.0 = new.to_string();
    }
}

fn main() {}
