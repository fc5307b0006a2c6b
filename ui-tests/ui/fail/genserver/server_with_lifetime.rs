use suptree::prelude::*;

#[derive(Default)]
struct Cache<'a>(&'a str);

#[genserver]
impl<'a> Cache<'a> {
    #[call]
    fn get(&self) -> String {
        self.0.to_owned()
    }
}

fn main() {}
