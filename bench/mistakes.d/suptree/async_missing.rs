use suptree::prelude::*;

#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[call]
    fn load(&mut self) -> Option<String> { // WRONG
    // RIGHT: async fn load(&mut self) -> Option<String> {
        std::future::ready(()).await;
        self.0.take()
    }

    #[cast]
    async fn put(&mut self, value: String) {
        self.0 = Some(value);
    }
}
