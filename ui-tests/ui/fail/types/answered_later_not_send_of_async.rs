use std::rc::Rc;

use suptree::prelude::*;

struct Page(Rc<u8>);

#[derive(Default)]
struct Press(Option<ReplyTo<u8>>);

#[genserver]
impl Press {
    #[call]
    async fn print(&mut self, reply: ReplyTo<Page>) {
        std::future::ready(()).await;
        drop(reply);
    }

    #[handle_continue]
    async fn next(&mut self) {
        self.0 = None;
    }
}

fn main() {}
