use std::future::Future;
use suptree::prelude::*;

struct Cache<T, const N: usize>(Option<T>);

#[genserver]
impl<T: Clone + Send + 'static, const N: usize> Cache<T, N> {
    #[init]
    fn init() -> Self {
        Self(None)
    }

    #[call(task)]
    fn get(&mut self) -> impl Future<Output = Option<T>> + Send {
        let value = self.0.clone();
        async move { value }
    }
}

fn main() {}
