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

supervisor! { App(port: Vec<u16>) { strategy: one_for_one, children: [Worker(port) as one, Worker(port[0].to_string()) as two] } }

fn main() {}
