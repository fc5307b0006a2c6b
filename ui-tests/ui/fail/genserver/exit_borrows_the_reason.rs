use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(trap_exit)]
impl Cache {
    #[exit]
    async fn exit(&mut self, from: Pid, reason: &ExitReason) {
        println!("{from} {reason}");
    }
}

fn main() {}
