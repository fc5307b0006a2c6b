use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[terminate]
    async fn close(&mut self, reason: &str) {
        println!("{reason}");
    }
}

fn main() {}
