use std::rc::Rc;

use suptree::prelude::*;

struct Cache<T>(T);

#[genserver]
impl<T: Clone + Send + 'static> Cache<T> {
    #[init]
    fn init(first: T) -> Self {
        Self(first)
    }

    #[call]
    fn find(&self, among: Vec<(T, Rc<u8>)>) -> Option<T> {
        among.first().map(|_| self.0.clone())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start_link(1_u8).await?;
    cache.find(Vec::new()).await?;
    Ok(())
}
