use suptree::prelude::*;

#[protocol]
trait Counting {
    #[cast]
    fn add(&mut self, n: u64);
}

#[derive(Default)]
struct Counter(u64);

#[genserver(protocols(Counting))]
impl Counter {
    #[cast]
    fn add(&mut self, n: u64) {
        self.0 += n;
    }

    #[every(1s)]
    fn tick(&mut self, n: u64) {
        self.0 += n;
    }
}

fn counting(counter: CounterClient) -> CountingClient {
    counter.into()
}

fn main() {}
