use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[terminate]
    fn close(&mut self, reason: &ExitReason, force: bool) {
        println!("{reason} {force}");
    }
}

fn main() {}
