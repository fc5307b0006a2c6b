//! Bodies of `async` handlers: borrows over `.await`, loops, `?`, `select`, inner `async` blocks, closures, recursion, locals that drop.

#![deny(warnings)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use suptree::prelude::*;

#[derive(Default)]
struct Work {
    entries: BTreeMap<String, Vec<u32>>,
    log: Arc<Mutex<Vec<String>>>,
}

struct Noted(Arc<Mutex<Vec<String>>>);

impl Drop for Noted {
    fn drop(&mut self) {
        self.0
            .lock()
            .expect("nobody panics")
            .push("dropped".to_owned());
    }
}

#[genserver]
impl Work {
    #[call]
    async fn borrows(&mut self, key: String) -> usize {
        let entry = self.entries.entry(key).or_default();
        tokio::task::yield_now().await;
        entry.push(1);
        let first = &entry[0];
        tokio::task::yield_now().await;
        *first as usize + entry.len()
    }

    #[call]
    async fn shares(&self) -> usize {
        let all = self.entries.values().flatten();
        tokio::task::yield_now().await;
        all.count()
    }

    #[call]
    async fn tries(&mut self, text: String) -> Result<u32, std::num::ParseIntError> {
        let read = async { text.trim().parse::<u32>() };
        let number = read.await?;
        'outer: loop {
            for n in 0.. {
                tokio::task::yield_now().await;
                if n == number {
                    break 'outer;
                }
            }
        }
        Ok(number)
    }

    #[cast]
    async fn drops(&mut self) {
        let noted = Noted(Arc::clone(&self.log));
        tokio::task::yield_now().await;
        {
            let mut log = self.log.lock().expect("nobody panics");
            log.push("before".to_owned());
        }
        drop(noted);
        tokio::time::sleep(Duration::ZERO).await;
    }

    #[call]
    async fn recurses(&mut self, depth: u32) -> u32 {
        Box::pin(self.recurse(depth)).await
    }

    async fn recurse(&mut self, depth: u32) -> u32 {
        if depth == 0 {
            0
        } else {
            1 + Box::pin(self.recurse(depth - 1)).await
        }
    }

    #[call]
    async fn joins(&self, futures: u32) -> u32 {
        let double = async |n: u32| {
            tokio::task::yield_now().await;
            n * 2
        };
        let (a, b) = tokio::join!(double(futures), double(1));
        a + b
    }

    #[call]
    fn log(&self) -> Vec<String> {
        self.log.lock().expect("nobody panics").clone()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let work = Work::start().await?;
    assert_eq!(work.borrows("a").await?, 2);
    assert_eq!(work.shares().await?, 1);
    assert_eq!(work.tries(" 3 ").await?, Ok(3));
    assert!(work.tries("x").await?.is_err());
    work.drops().await?;
    assert_eq!(work.recurses(5).await?, 5);
    assert_eq!(work.joins(2).await?, 6);
    assert_eq!(work.log().await?, ["before", "dropped"]);
    Ok(())
}
