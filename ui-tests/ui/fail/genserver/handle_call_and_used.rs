use suptree::prelude::*;

#[derive(Default)]
struct Counter(u64);

#[genserver]
impl Counter {
    #[handle_call]
    fn get(&self) -> u64 {
        self.0
    }
}

async fn get(counter: CounterClient) -> Result<u64, CallError> {
    counter.get().await
}

fn main() {}
