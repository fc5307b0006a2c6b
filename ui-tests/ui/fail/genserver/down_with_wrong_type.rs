use suptree::prelude::*;

#[derive(Default)]
struct Pool(u32);

#[genserver]
impl Pool {
    #[down]
    fn closed(&mut self, pid: Pid) {
        println!("{pid} {}", self.0);
    }
}

fn main() {}
