use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: u8, cx: &mut Context<Self>) {
        self.0 = new;
        cx.then().flush();
    }

    fn flush(&self) {}
}

fn main() {}
