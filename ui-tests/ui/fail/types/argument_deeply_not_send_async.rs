use std::rc::Rc;

use suptree::prelude::*;

struct Page(Rc<u8>);

#[derive(Default)]
struct Press(u8);

#[genserver]
impl Press {
    #[call]
    async fn print(&mut self, page: Page) -> u8 {
        self.0 += *page.0;
        self.0
    }
}

supervisor! { App { strategy: one_for_one, children: [Press] } }

async fn print(app: App) -> Result<u8, CallError> {
    app.press().print(Page(Rc::new(1))).await
}

fn main() {}
