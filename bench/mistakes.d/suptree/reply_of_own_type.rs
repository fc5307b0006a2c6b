use suptree::prelude::*;

pub struct Size(pub usize);

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[call]
    fn length(&self) -> Size {
        Size(self.0.as_ref().map_or(0, String::len))
    }
}
