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
    fn add(&mut self, n: u64) -> u64 {
        self.0 += n;
        self.0
    }
}

fn counting(counter: CounterClient) -> CountingClient {
    counter.into()
}

fn main() {}
