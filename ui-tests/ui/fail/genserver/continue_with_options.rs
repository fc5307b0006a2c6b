use suptree::prelude::*;

#[derive(Default)]
struct Counter(u64);

#[genserver]
impl Counter {
    #[call]
    fn get(&self, cx: &mut Context<Self>) -> u64 {
        cx.then().load();
        self.0
    }

    #[continue(once)]
    fn load(&mut self) {
        self.0 = 1;
    }
}

fn main() {}
