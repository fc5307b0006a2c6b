use suptree::prelude::*;

struct Store<T>(Vec<T>);

#[genserver]
impl<T, const N: usize> Store<T>
where
    T: Clone + Send + 'static,
{
    #[init]
    fn init() -> Self {
        Self(Vec::new())
    }

    #[call]
    fn all(&self) -> Vec<T> {
        self.0.clone()
    }
}

async fn used() {
    let store = Store::<u8>::start().await.unwrap();
    let _ = store.all().await;
}

fn main() {}
