use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message]
    fn load(&mut self) -> Option<String> { // WRONG
    // RIGHT: async fn load(&mut self) -> Option<String> {
        std::future::ready(()).await;
        self.0.take()
    }

    #[message]
    async fn put(&mut self, value: String) {
        self.0 = Some(value);
    }
}
