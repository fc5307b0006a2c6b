use suptree::prelude::*;

#[derive(Default)]
struct Session(Vec<u32>);

#[genserver]
impl Session {
    #[hibernate]
    fn shrink(&mut self, to: usize) {
        self.0.shrink_to(to);
    }
}

fn main() {}
