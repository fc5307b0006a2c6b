use suptree::prelude::*;

#[derive(Default)]
struct Cache(Vec<u64>);

#[genserver]
impl Cache {
    #[cast]
    fn put(&mut self, _value: impl Into<Value>) {}
}

fn main() {}
