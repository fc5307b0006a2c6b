use suptree::prelude::*;

#[derive(Default)]
struct Counter(u64);

#[genserver]
impl Counter {
    #[cast]
    fn end(&mut self, cx: Context<Self>) {
        self.0 += 1;
        cx.stop(ExitReason::Normal);
    }
}

async fn end(counter: CounterClient) -> Result<(), CastError> {
    counter.end().await
}

fn main() {}
