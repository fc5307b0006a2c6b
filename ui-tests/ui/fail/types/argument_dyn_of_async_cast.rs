use suptree::prelude::*;

#[derive(Default)]
struct Counter(u8);

#[genserver]
impl Counter {
    #[cast]
    async fn set(&mut self, to: Box<dyn Fn() -> u8>) {
        std::future::ready(()).await;
        self.0 = to();
    }
}

async fn set(counter: CounterClient) -> Result<(), CastError> {
    counter.set(Box::new(|| 1)).await
}

fn main() {}
