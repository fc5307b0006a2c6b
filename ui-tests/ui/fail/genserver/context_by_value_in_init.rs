use suptree::prelude::*;

struct Counter(u64);

#[genserver]
impl Counter {
    #[init]
    fn init(cx: Context<Self>) -> Self {
        cx.hibernate();
        Self(0)
    }

    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

fn main() {}
