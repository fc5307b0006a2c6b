//! What is sent and asked in other ways: by its type, later, owned calls, spawned and joined ones.

#![deny(warnings)]

use std::time::Duration;

use suptree::prelude::*;

#[derive(Default)]
struct Sums {
    sum: u64,
    text: String,
}

#[genserver]
impl Sums {
    #[info]
    fn number(&mut self, number: u64) {
        self.sum += number;
    }

    #[info]
    async fn pair(&mut self, (a, b): (u64, u64), _twice: bool) {
        self.sum += a + b;
    }

    #[info]
    fn nothing(&mut self) {
        self.sum += 1;
    }

    #[info]
    fn text(&mut self, text: String) {
        self.text.push_str(&text);
    }

    #[call]
    fn all(&self) -> (u64, String) {
        (self.sum, self.text.clone())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sums = Sums::start().await?;
    sums.number(6).await?;
    sums.pair((1, 2), true).await?;
    sums.nothing().await?;
    sums.send(1_u64).await?;
    let later = sums.text("later").send_after(Duration::from_millis(1));
    while sums.all().await?.1.is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    drop(later);
    let calls: Vec<_> = (0..3).map(|_| tokio::spawn(sums.all().owned())).collect();
    for call in calls {
        assert_eq!(call.await??, (11, "later".to_owned()));
    }
    let (a, b) = tokio::join!(sums.all(), sums.all());
    assert_eq!(a?, b?);
    Ok(())
}
