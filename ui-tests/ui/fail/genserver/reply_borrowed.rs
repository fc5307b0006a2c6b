use suptree::prelude::*;

#[derive(Default)]
struct Cache(String);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> &str {
        &self.0
    }
}

fn main() {}
