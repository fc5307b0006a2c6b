use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }

    #[cfg(feature = "extra")] // ODD
    // PLAIN:
    #[call]
    fn size(&self) -> usize {
        self.0.as_ref().map_or(0, String::len)
    }
}
