use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[call]
    fn read(&mut self, numbers: Vec<u64>, cx: &mut Context<Self>) {
        cx.attach(numbers).add();
    }

    #[info]
    fn add(&mut self, n: u64) {
        self.0 += n;
    }
}

fn main() {}
