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

supervisor! { App { strategy: one_for_one, children: [partition pool: |0| Worker("x")] } }

fn main() {}
