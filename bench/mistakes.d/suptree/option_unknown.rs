use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver(retries = 3)] // WRONG
// RIGHT: #[genserver]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
}
