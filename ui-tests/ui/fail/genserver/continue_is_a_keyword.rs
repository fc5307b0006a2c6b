use suptree::prelude::*;

#[derive(Default)]
struct Counter(u64);

#[genserver]
impl Counter {
    #[call]
    fn get(&self, cx: &mut Context<Self>) -> u64 {
        cx.then().load();
        self.0
    }

    #[continue]
    fn load(&mut self) {
        self.0 = 1;
    }
}

async fn get(counter: CounterClient) -> Result<u64, CallError> {
    counter.get().await
}

fn main() {}
