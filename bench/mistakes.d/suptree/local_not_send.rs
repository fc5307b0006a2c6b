use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[call]
    async fn size(&self) -> usize {
        let size = std::rc::Rc::new(self.0.as_ref().map_or(0, String::len)); // WRONG
        // RIGHT: let size = std::sync::Arc::new(self.0.as_ref().map_or(0, String::len));
        std::future::ready(()).await;
        *size
    }
}
