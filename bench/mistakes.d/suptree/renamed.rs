use renamed::prelude::*; // ODD
// PLAIN: use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver(crate = ::renamed)] // ODD
// PLAIN: #[genserver]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }

    #[cast]
    fn put(&mut self, value: String) {
        self.0 = Some(value);
    }
}
