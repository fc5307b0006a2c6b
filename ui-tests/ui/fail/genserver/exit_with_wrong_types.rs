use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(trap_exit)]
impl Cache {
    #[exit]
    fn exit(&mut self, from: u64, reason: ExitReason) {
        println!("{from} {reason}");
    }
}

fn main() {}
