//! Arguments, replies and states of kilobytes, plain and `async`, one after another.

#![deny(warnings)]

use suptree::prelude::*;

type Page = [u8; 10_000];

struct Pages {
    pages: Vec<Box<Page>>,
}

#[genserver(last_message)]
impl Pages {
    #[init]
    fn init(first: Page, second: [Page; 3]) -> Self {
        let pages = std::iter::once(first).chain(second);
        Self {
            pages: pages.map(Box::new).collect(),
        }
    }

    #[call]
    fn page(&self, nth: usize) -> Page {
        *self.pages[nth]
    }

    #[call]
    async fn exchange(&mut self, nth: usize, mut page: Page, _unused: [Page; 2]) -> Option<Page> {
        tokio::task::yield_now().await;
        page[0] = 9;
        let place = self.pages.get_mut(nth)?;
        Some(*std::mem::replace(place, Box::new(page)))
    }

    #[cast]
    fn push(&mut self, page: Page) {
        self.pages.push(Box::new(page));
    }

    #[info]
    async fn pushed(&mut self, page: Box<Page>) {
        let on_the_stack = *page;
        tokio::task::yield_now().await;
        self.pages.push(Box::new(on_the_stack));
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pages = Pages::start([1; 10_000], [[2; 10_000]; 3]).await?;
    assert_eq!(pages.page(0).await?[9_999], 1);
    let before = pages.exchange(1, [3; 10_000], [[0; 10_000]; 2]).await?;
    assert_eq!(before.map(|page| page[0]), Some(2));
    assert_eq!(pages.page(1).await?[..2], [9, 3]);
    pages.push([4; 10_000]).await?;
    pages.pushed(Box::new([5; 10_000])).await?;
    assert_eq!(pages.page(5).await?[0], 5);
    Ok(())
}
