use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[call]
    fn option(&self) -> Option<String> { // ODD
    // PLAIN: fn get(&self) -> Option<String> {
        self.0.clone()
    }

    #[call]
    fn string(&self, default: String) -> String { // ODD
    // PLAIN: fn get_or(&self, default: String) -> String {
        self.0.clone().unwrap_or(default)
    }
}
