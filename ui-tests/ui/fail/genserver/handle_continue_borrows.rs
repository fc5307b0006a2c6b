use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    fn init(cx: &mut Context<Self>) -> Self {
        cx.then().load("here");
        Self::default()
    }

    #[handle_continue]
    fn load(&mut self, from: &str) {
        self.0 = from.len() as u8;
    }
}

fn main() {}
