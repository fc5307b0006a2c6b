//! Arguments of one child that borrow from the same parameter, or the same sibling, which others need, too.

#![deny(warnings)]

use suptree::prelude::*;

#[derive(Clone)]
struct Config {
    name: Box<str>,
    ports: Vec<u32>,
}

impl Config {
    fn name(&self) -> &str {
        &self.name
    }

    fn ports(&self) -> &[u32] {
        &self.ports
    }
}

struct Worker(String, u32);

#[genserver]
impl Worker {
    #[init]
    fn init(name: String, port: u32) -> Self {
        Self(name, port)
    }

    #[call]
    fn shown(&self) -> String {
        format!("{} {}", self.0, self.1)
    }
}

#[derive(Default)]
struct Store;

#[genserver]
impl Store {
    #[call]
    fn one(&self) -> u32 {
        1
    }
}

struct Front(StoreClient, u32);

#[genserver]
impl Front {
    #[init]
    fn init(store: StoreClient, number: u32) -> Self {
        Self(store, number)
    }

    #[call]
    async fn sum(&self) -> Result<u32, CallError> {
        Ok(self.0.one().await? + self.1)
    }
}

fn itself(store: &StoreClient) -> &StoreClient {
    store
}

fn two(_: StoreClient) -> u32 {
    2
}

supervisor! {
    App(text: String, config: Config) {
        strategy: one_for_one,
        children: [
            Worker(&*text, text.len() as u32) as of_text,
            Worker(&*config.name, config.ports[0]) as of_fields,
            Worker(config.name(), config.ports()[1]) as of_methods,
            Worker(str::from_utf8(config.name.as_bytes()).unwrap_or(config.name()), config.ports[0]) as of_both,
            Worker({ let text = config.name(); text.to_owned() }, config.ports()[0]) as of_a_block,
            for nth in 0..2 => Worker(config.name(), config.ports()[nth]) as listed,
            if !text.is_empty() => Worker(&*text, config.ports()[0]) as perhaps,
            Store,
            Front(itself(&store).clone(), two(store)),
            #[cfg(all())]
            Store as other,
            Front(itself(&other).clone(), two(other)) as other_front,
            Worker(&*text, config.ports[1]) as last,
            Worker(format!("{text}{}", &*config.name), 1) as taken,
        ],
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config {
        name: "config".into(),
        ports: vec![7, 8],
    };
    let app = App::start_link("text", config).await?;
    assert_eq!(app.of_text().shown().await?, "text 4");
    assert_eq!(app.of_fields().shown().await?, "config 7");
    assert_eq!(app.of_methods().shown().await?, "config 8");
    assert_eq!(app.of_both().shown().await?, "config 7");
    assert_eq!(app.of_a_block().shown().await?, "config 7");
    assert_eq!(app.front().sum().await??, 3);
    assert_eq!(app.other_front().sum().await??, 3);
    assert_eq!(app.last().shown().await?, "text 8");
    assert_eq!(app.taken().shown().await?, "textconfig 1");
    Ok(())
}
