//! Servers in several impl blocks.

use std::time::Duration;

use suptree::prelude::*;

use crate::support::reports::Reports;

#[derive(Default)]
pub(crate) struct Shop {
    stock: u32,
    sold: u32,
}

#[genserver(parts(sales::Sales, Stock))]
impl Shop {
    #[call]
    fn stock(&self) -> u32 {
        self.stock
    }

    #[cast]
    fn burn(&mut self) {
        panic!("fire");
    }
}

#[genserver(part = Stock)]
impl Shop {
    #[cast]
    async fn deliver(&mut self, number: u32) {
        tokio::task::yield_now().await;
        self.stock += number;
    }

    #[info]
    fn count(&mut self, Count(number): Count) {
        self.stock = number;
    }

    #[cast]
    async fn lose(&mut self) {
        tokio::task::yield_now().await;
        panic!("lost");
    }
}

pub(crate) struct Count(u32);

mod sales {
    use suptree::prelude::*;

    use super::{Shop, ShopClient};

    #[genserver(part = pub(super) Sales)]
    impl Shop {
        #[call]
        pub(super) fn sell(&mut self, number: u32) -> Result<u32, String> {
            self.stock = self.stock.checked_sub(number).ok_or("sold out")?;
            self.sold += number;
            Ok(self.sold)
        }

        #[call]
        pub(super) fn steal(&mut self) -> u32 {
            panic!("stolen");
        }

        /// Answered beside the server.
        #[call(task)]
        pub(super) fn earned(&self, price: u32) -> impl Future<Output = u32> + use<> {
            let sold = self.sold;
            async move { sold * price }
        }

        #[call(blocking)]
        pub(super) fn audit(&self) -> u32 {
            self.sold
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn m70_the_handlers_of_all_blocks_are_those_of_one_server() {
    let shop = Shop::start().await.expect("it starts");
    shop.deliver(3).await.expect("it is sent");
    assert_eq!(shop.sell(2).await.expect("an answer"), Ok(2));
    assert_eq!(
        shop.sell(2).await.expect("an answer"),
        Err("sold out".to_owned())
    );
    assert_eq!(shop.earned(10).await.expect("an answer"), 20);
    assert_eq!(shop.audit().await.expect("an answer"), 2);
    assert_eq!(shop.stock().await.expect("an answer"), 1);
    shop.send(Count(9)).await.expect("it is sent");
    assert_eq!(shop.stock().await.expect("an answer"), 9);
    // In place, from a task of the runtime.
    let sold = tokio::spawn(async move { shop.sell(1).await }).await;
    assert_eq!(sold.expect("it ends").expect("an answer"), Ok(3));
}

#[tokio::test(start_paused = true)]
async fn m70_messages_of_a_part_may_be_sent_later_and_come_back() {
    let shop = Shop::start().await.expect("it starts");
    let _timer = shop.count(Count(4)).send_after(Duration::from_secs(1));
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(shop.stock().await.expect("an answer"), 4);
    shop.stop().await.expect("it stops");
    let refused = shop.sell(5).owned().keep_args().await;
    let refused = refused.expect_err("nobody is there");
    assert_eq!(refused.into_args(), Some(5));
    let refused = shop.deliver(6).owned().keep_args().await;
    assert_eq!(refused.expect_err("nobody is there").into_args(), Some(6));
}

#[tokio::test]
async fn m71_a_report_names_the_handler_of_any_block() {
    for (crash, last) in [(0, "cast burn"), (1, "call steal"), (2, "cast lose")] {
        let reports = Reports::capture();
        let shop = Shop::start().await.expect("it starts");
        let death = shop.monitor();
        match crash {
            0 => drop(shop.burn().await),
            1 => drop(shop.steal().await),
            _ => drop(shop.lose().await),
        }
        death.await;
        let all = reports.all();
        assert_eq!(all[0].field("last_message"), last);
    }
}
