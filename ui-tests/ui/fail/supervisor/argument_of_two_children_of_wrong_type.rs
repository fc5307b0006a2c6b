use suptree::prelude::*;

struct Worker(u8);

#[genserver]
impl Worker {
    #[init]
    fn init(number: u8) -> Self {
        Self(number)
    }

    #[call]
    fn number(&self) -> u8 {
        self.0
    }
}

struct Named(String);

#[genserver]
impl Named {
    #[init]
    fn init(name: String) -> Self {
        Self(name)
    }

    #[call]
    fn name(&self) -> String {
        self.0.clone()
    }
}

supervisor! { App(name: String) { strategy: one_for_one, children: [Worker(name), Named(name)] } }

fn main() {}
