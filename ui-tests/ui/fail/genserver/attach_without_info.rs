use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

type Numbers = suptree::Listener<u8, ()>;

#[genserver]
impl Cache {
    #[call]
    fn read(&mut self, numbers: Numbers, cx: &mut Context<Self>) {
        cx.attach(numbers).add();
    }
}

fn main() {}
