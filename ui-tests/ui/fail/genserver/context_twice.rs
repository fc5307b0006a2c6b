use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[cast]
    fn stop(&mut self, cx: &mut Context<Self>, again: &mut Context<Self>) {
        cx.stop(ExitReason::Normal);
        again.stop(ExitReason::Normal);
    }
}

fn main() {}
