use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

type Numbers = suptree::Listener<u8, ()>;

#[genserver]
impl Cache {
    #[call]
    fn read(&mut self, numbers: Numbers, cx: &mut Context<Self>) {
        cx.attach(numbers).add();
    }

    #[info]
    fn add(&mut self, n: u64) {
        self.0 += n;
    }
}

fn main() {}
