use suptree::prelude::*;

#[derive(Default)]
struct Pool(u32);

#[genserver]
impl Pool {
    #[call]
    fn watch(&mut self, user: u32, cx: &mut Context<Self>) {
        cx.monitor(&user);
        self.0 = user;
    }
}

fn main() {}
