use suptree::prelude::*;

#[derive(Default)]
struct Session(Vec<u32>);

#[genserver]
impl Session {
    #[hibernate]
    fn shrink(&mut self) -> usize {
        self.0.shrink_to_fit();
        self.0.len()
    }
}

fn main() {}
