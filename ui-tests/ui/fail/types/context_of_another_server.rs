use suptree::prelude::*;

#[derive(Default)]
struct Log;

#[genserver]
impl Log {}

#[derive(Default)]
struct Cache(u32);

#[genserver]
impl Cache {
    #[call]
    fn get(&self, cx: &mut Context<Log>) -> u32 {
        cx.stop(ExitReason::Normal);
        self.0
    }
}

fn main() {}
