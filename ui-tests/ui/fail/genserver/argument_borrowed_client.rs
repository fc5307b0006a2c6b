use suptree::prelude::*;

#[derive(Default)]
struct Account(u64);

#[genserver]
impl Account {
    #[call]
    fn same(&self, other: &AccountClient) -> bool {
        let _ = other;
        self.0 > 0
    }
}

fn main() {}
