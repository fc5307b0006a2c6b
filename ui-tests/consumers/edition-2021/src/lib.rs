//! The macros in a crate of edition 2021: what they generate means the same there.

use suptree::prelude::*;
use suptree::protocol;

/// Keeps the last of what it is given. In this edition `gen` is a name like any other.
#[derive(Debug, Default)]
pub struct Cache {
    gen: u32,
    kept: Option<String>,
}

#[genserver(name = "cache", shutdown = 1s, last_message)]
impl Cache {
    /// How often something was kept.
    #[call]
    pub fn gen(&self) -> u32 {
        self.gen
    }

    /// What is kept, by way of an `.await`.
    #[call]
    pub async fn get(&self, or: String) -> String {
        std::future::ready(()).await;
        self.kept.clone().unwrap_or(or)
    }

    /// What is kept, by a reply of its own.
    #[call]
    pub fn later(&mut self, reply: ReplyTo<Option<String>>) {
        reply.send(self.kept.take());
    }

    /// Keeps something else.
    #[cast]
    pub async fn save(&mut self, gen: u32, new: String) -> Result<(), std::num::TryFromIntError> {
        self.gen = gen;
        self.kept = Some(new);
        Ok(())
    }

    /// A line that arrived.
    #[info]
    pub fn line(&mut self, line: String) {
        self.kept = Some(line);
    }
}

/// Counts, under its number.
#[derive(Debug)]
pub struct Counter<T>(T);

#[genserver(name = format!("counter_{id}"))]
impl<T: Clone + Send + 'static> Counter<T> {
    #[init]
    fn init(id: u8, start: T) -> Result<Self, std::fmt::Error> {
        (id > 0).then(|| Self(start)).ok_or(std::fmt::Error)
    }

    /// How far it is.
    #[call]
    pub fn count(&self) -> T {
        self.0.clone()
    }
}

/// Has an age.
#[protocol]
pub trait Ages {
    /// How old it is.
    #[call]
    fn gen(&self) -> u32;

    /// It gets older.
    #[cast]
    fn age(&mut self, gen: u32);
}

/// Is older than what it has.
#[derive(Debug)]
pub struct Older(AgesClient);

#[genserver(protocols(Ages))]
impl Older {
    #[init]
    fn init(other: AgesClient) -> Self {
        Self(other)
    }

    /// How old it is.
    #[call]
    pub async fn gen(&self) -> u32 {
        self.0.gen().await.map_or(0, |gen| gen + 1)
    }

    /// Both get older.
    #[cast]
    pub fn age(&mut self, gen: u32) {
        self.0.age(gen).try_send().ok();
    }
}

impl Ages for u32 {
    fn gen(&self) -> u32 {
        *self
    }

    fn age(&mut self, gen: u32) {
        *self += gen;
    }
}

supervisor! {
    /// The application.
    pub App(start: u64, name = "app") {
        strategy: one_for_one,
        children: [
            Cache,
            Counter::<u64>(1, start) as gen,
            Counter::<u64>(2, 10) as other { restart: transient, shutdown: brutal_kill },
        ],
    }
}

supervisor! { pub Caches { dynamic: Cache } }

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everything_runs() {
        let app = App::start_link(7).await.unwrap();
        let cache = app.cache();
        cache.save(1, "hola").await.unwrap();
        assert_eq!(cache.gen().await, Ok(1));
        assert_eq!(cache.get("none").await.as_deref(), Ok("hola"));
        cache.send("a line".to_owned()).await.unwrap();
        assert_eq!(Cache::named().later().await, Ok(Some("a line".to_owned())));
        assert_eq!(cache.get("none").await.as_deref(), Ok("none"));
        assert_eq!(app.gen().count().await, Ok(7));
        assert_eq!(Counter::<u64>::named(2).count().await, Ok(10));
        assert!(Counter::start(0, ()).await.is_err());
        let ages = AgesClient::stand_in(7);
        let older: AgesClient = Older::start(ages).await.unwrap().into();
        older.age(1).await.unwrap();
        assert_eq!(older.gen().await, Ok(9));
        app.stop().await.unwrap();
    }
}
