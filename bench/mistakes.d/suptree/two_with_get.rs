use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
}

#[derive(Default)]
pub struct Counter(u64);

#[genserver]
impl Counter {
    #[call]
    fn get(&self) -> u64 { // ODD
    // PLAIN: fn value(&self) -> u64 {
        self.0
    }
}
