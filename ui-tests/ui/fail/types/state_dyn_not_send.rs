use suptree::prelude::*;

trait Backend {
    fn get(&self) -> u8;
}

struct Cache(Box<dyn Backend>);

#[genserver]
impl Cache {
    #[init]
    fn init(backend: fn() -> Box<dyn Backend>) -> Self {
        Self(backend())
    }

    #[call]
    fn get(&self) -> u8 {
        self.0.get()
    }
}

fn main() {}
