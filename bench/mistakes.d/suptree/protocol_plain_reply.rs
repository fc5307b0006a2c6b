use suptree::prelude::*;
use suptree::protocol;

#[protocol]
pub trait Keeps {
    #[call]
    fn get(&self) -> Option<String>;
}

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver(protocols(Keeps))]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
}
