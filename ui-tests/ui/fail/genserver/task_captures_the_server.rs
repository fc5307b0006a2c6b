use suptree::prelude::*;

#[derive(Default)]
struct Counter(u64);

#[genserver]
impl Counter {
    #[call(task)]
    fn twice(&mut self) -> impl Future<Output = u64> + use<'_> {
        async move { self.0 * 2 }
    }
}

fn main() {}
