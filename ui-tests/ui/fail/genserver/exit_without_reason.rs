use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver(trap_exit)]
impl Cache {
    #[exit]
    fn exit(&mut self, from: Pid) {
        println!("{from}");
    }
}

fn main() {}
