use std::rc::Rc;

use suptree::prelude::*;

struct Page(Rc<u8>);

#[derive(Default)]
struct Press(u8);

#[genserver]
impl Press {
    #[call]
    fn print(&self) -> Page {
        Page(Rc::new(self.0))
    }
}

supervisor! { App { strategy: one_for_one, children: [Press] } }

async fn print(app: App) -> Result<u8, CallError> {
    let press = app.press();
    let page = press.print().timeout(std::time::Duration::from_secs(1)).await?;
    Ok(*page.0 + *press.print().owned().await?.0)
}

fn main() {}
