use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
}

#[derive(Actor)]
pub struct Counter(u64);

#[messages]
impl Counter {
    #[message]
    fn get(&self) -> u64 { // ODD
    // PLAIN: fn value(&self) -> u64 {
        self.0
    }
}
