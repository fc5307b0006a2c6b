use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

struct Counter(u64);

#[genserver]
impl Counter {
    #[init]
    fn init(start: u64) -> Self {
        Self(start)
    }
    #[call]
    fn value(&self) -> u64 {
        self.0
    }
}

supervisor! { App(cache: u8) { strategy: one_for_one, children: [Cache, Counter(cache)] } }

fn main() {}
