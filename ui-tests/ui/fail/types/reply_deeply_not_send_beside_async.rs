use std::rc::Rc;

use suptree::prelude::*;

struct Page(Rc<u8>);

#[derive(Default)]
struct Press(u8);

#[genserver]
impl Press {
    #[call]
    fn print(&self, page: Page) -> Page {
        page
    }

    #[call]
    async fn size(&self) -> u8 {
        std::future::ready(self.0).await
    }
}

fn main() {}
