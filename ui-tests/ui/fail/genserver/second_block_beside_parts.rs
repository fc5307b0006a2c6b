use suptree::prelude::*;

#[derive(Default)]
struct Cache(Option<String>);

#[genserver(parts)]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
}

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: String) {
        self.0 = Some(new);
    }
}

fn main() {}
