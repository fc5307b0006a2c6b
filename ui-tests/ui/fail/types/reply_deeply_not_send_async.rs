use std::rc::Rc;

use suptree::prelude::*;

struct Page(Rc<u8>);

#[derive(Default)]
struct Press(u8);

#[genserver]
impl Press {
    #[call]
    async fn print(&self) -> Page {
        Page(Rc::new(self.0))
    }
}

supervisor! { App { strategy: one_for_one, children: [Press] } }

async fn print(app: App) -> Result<u8, CallError> {
    Ok(*app.press().print().await?.0)
}

fn main() {}
