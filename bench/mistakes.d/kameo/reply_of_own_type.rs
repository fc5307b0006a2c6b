use kameo::prelude::*;

// WRONG
// RIGHT: #[derive(Reply)]
pub struct Size(pub usize);

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message]
    fn length(&self) -> Size {
        Size(self.0.as_ref().map_or(0, String::len))
    }
}
