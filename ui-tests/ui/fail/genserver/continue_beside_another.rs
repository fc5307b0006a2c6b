use suptree::prelude::*;

#[derive(Default)]
struct Counter(u64);

#[genserver]
impl Counter {
    #[continue]
    #[cast]
    fn load(&mut self) {
        self.0 = 1;
    }
}

async fn load(counter: CounterClient) -> Result<(), CastError> {
    counter.load().await
}

fn main() {}
