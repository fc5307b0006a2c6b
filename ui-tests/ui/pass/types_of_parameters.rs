//! Types that are associated with a server's parameters, beside types of the user's own, and with a handler that waits.

use std::future::ready;
use std::str::FromStr;
use std::time::Instant;

use suptree::prelude::*;

trait Store: Send + 'static {
    type Key;

    fn last(&self) -> Self::Key;
}

struct Shelf<S: Store>(S);

#[genserver]
impl<S: Store> Shelf<S> {
    #[init]
    fn init(store: S) -> Self {
        Self(store)
    }

    #[call]
    async fn last(&mut self, after: Instant) -> (S::Key, bool) {
        ready(()).await;
        (self.0.last(), after < Instant::now())
    }
}

struct Job(u8);

struct Parser<T>(Vec<T>, u8);

#[genserver]
impl<T: FromStr + Send + 'static> Parser<T> {
    #[init]
    fn init(job: Job) -> Self {
        Self(Vec::new(), job.0)
    }

    #[call]
    fn parse(&mut self, text: String) -> Result<(), T::Err> {
        self.0.push(text.parse()?);
        Ok(())
    }

    #[call]
    fn count(&mut self, job: Job) -> u8 {
        self.1 + job.0
    }

    #[terminate]
    async fn terminate(&mut self) {
        ready(()).await;
    }
}

struct Reader<I>(I);

#[genserver]
impl<I: Iterator + Send + 'static> Reader<I> {
    #[init]
    fn init(items: I, job: Job) -> Self {
        let _ = job.0;
        Self(items)
    }

    #[call]
    fn next(&mut self, _job: Job) -> Option<I::Item> {
        self.0.next()
    }

    #[cast]
    async fn skip(&mut self, _job: Job) {
        ready(()).await;
        self.0.next();
    }
}

struct Numbers;

impl Store for Numbers {
    type Key = u8;

    fn last(&self) -> u8 {
        7
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shelf = Shelf::start_link(Numbers).await?;
    assert_eq!(shelf.last(Instant::now()).await?.0, 7);
    let parser = Parser::<u8>::start_link(Job(1)).await?;
    assert_eq!(parser.parse("12").await?, Ok(()));
    assert_eq!(parser.count(Job(2)).await?, 3);
    let reader = Reader::start_link(1..4, Job(0)).await?;
    reader.skip(Job(0)).await?;
    assert_eq!(reader.next(Job(0)).await?, Some(2));
    Ok(())
}
