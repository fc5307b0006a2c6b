use suptree::prelude::*;

#[derive(Default)]
struct Counter(u64);

#[genserver]
impl Counter {
    #[call]
    fn get(&self, _cx: Context<Self>) -> u64 {
        self.0
    }
}

async fn get(counter: CounterClient) -> Result<u64, CallError> {
    counter.get().await
}

fn main() {}
