use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }

    #[cfg(feature = "extra")] // ODD
    // PLAIN:
    #[message]
    fn size(&self) -> usize {
        self.0.as_ref().map_or(0, String::len)
    }
}
