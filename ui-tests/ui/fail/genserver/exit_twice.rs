use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(trap_exit)]
impl Cache {
    #[exit]
    fn first(&mut self, _from: Pid, _reason: ExitReason) {}
    #[exit]
    fn second(&mut self, _from: Pid, _reason: ExitReason) {}
}

fn main() {}
