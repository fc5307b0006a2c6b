use suptree::prelude::*;

#[derive(Default)]
struct Counter(u8);

#[genserver(parts)]
impl Counter {}

#[genserver(part)]
impl Counter {
    #[cast]
    async fn set(&mut self, to: Box<dyn Fn() -> u8>) {
        std::future::ready(()).await;
        self.0 = to();
    }
}

fn main() {}
