//! A list of whoever takes a message: two servers, a place, a name, and a function.

#![deny(warnings)]

use suptree::prelude::*;
use suptree::{Recipient, protocol};

#[derive(Clone, Debug, PartialEq)]
struct News(String);

#[derive(Default)]
struct Reader(Vec<News>);

#[genserver(name = "reader")]
impl Reader {
    #[info]
    fn news(&mut self, news: News) {
        self.0.push(news);
    }

    #[call]
    fn read(&self) -> usize {
        self.0.len()
    }
}

#[derive(Default)]
struct Counter(usize);

#[genserver]
impl Counter {
    #[info]
    async fn count(&mut self, News(text): News) {
        self.0 += text.len();
    }

    #[info]
    fn other(&mut self, n: usize) {
        self.0 += n;
    }

    #[call]
    fn count_of_letters(&self) -> usize {
        self.0
    }
}

/// Subscribers may be told by a protocol, too.
#[protocol]
trait Paper {
    #[cast]
    fn subscribe(&mut self, who: Recipient<News>);
}

#[derive(Default)]
struct Printer(Vec<Recipient<News>>);

#[genserver(protocols(Paper))]
impl Printer {
    #[cast]
    fn subscribe(&mut self, who: Recipient<News>) {
        self.0.push(who);
    }

    #[call]
    async fn print(&mut self, text: String) -> usize {
        let mut heard = 0;
        for one in &self.0 {
            heard += usize::from(one.send(News(text.clone())).await.is_ok());
        }
        heard
    }
}

supervisor! { Readers { strategy: one_for_one, children: [Reader] } }

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let readers = Readers::start_link().await?;
    let counter = Counter::start().await?;
    let all: Vec<Recipient<News>> = vec![
        readers.reader().recipient(),
        counter.recipient(),
        Reader::named().into(),
        Recipient::from_fn(|news: News| assert_eq!(news.0, "text")),
    ];
    let printer = Printer::start().await?;
    let paper = PaperClient::from(printer.clone());
    for one in all {
        paper.subscribe(one).await?;
    }
    assert_eq!(printer.print("text").await?, 4);
    assert_eq!(Reader::named().read().await?, 2);
    assert_eq!(counter.count_of_letters().await?, 4);
    let numbers: Recipient<usize> = counter.recipient();
    numbers.send(3).await?;
    assert_eq!(counter.count_of_letters().await?, 7);
    Ok(())
}
