use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[cast]
    fn stop(&mut self, cx: Context<Self>) {
        drop(cx);
    }
}

fn main() {}
