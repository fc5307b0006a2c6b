use suptree::prelude::*;

struct Worker(String);

#[genserver]
impl Worker {
    #[init]
    fn init(url: String) -> Self {
        Self(url)
    }
    #[cast]
    fn set(&mut self, url: String) {
        self.0 = url;
    }
}

supervisor! { App(url: String) { strategy: one_for_one, children: [partition Worker(url)] } }

fn main() {}
