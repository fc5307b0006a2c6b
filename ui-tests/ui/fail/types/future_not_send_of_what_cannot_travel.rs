use std::rc::Rc;

use suptree::prelude::*;

#[derive(Clone)]
struct Page(Rc<u8>);

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    async fn set(&mut self, page: Page) {
        let page = page.clone();
        std::future::ready(()).await;
        self.0 = *page.0;
    }
}

fn main() {}
