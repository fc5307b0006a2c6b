use suptree::prelude::*;

#[derive(Default)]
struct Session(Vec<u32>);

#[genserver]
impl Session {
    #[hibernate]
    async fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }
}

fn main() {}
