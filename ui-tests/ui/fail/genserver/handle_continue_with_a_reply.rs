use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    fn init(cx: &mut Context<Self>) -> Self {
        cx.then().load();
        Self::default()
    }

    #[handle_continue]
    fn load(&mut self) -> u8 {
        self.0
    }
}

fn main() {}
