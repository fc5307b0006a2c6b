use suptree::prelude::*;

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

struct Cache;

supervisor! { App<T: Clone + Send + 'static>(_value: T) { strategy: one_for_one, children: [Counter(1), Cache] } }

fn main() {}
