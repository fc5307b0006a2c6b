//! Types of arguments and replies that the macro cannot see through: associated with a parameter, which are `Send` where they travel; an
//! alias of a boxed closure, or of a type with a lifetime; a trait whose implementations are `Send`.

use suptree::prelude::*;

trait Store: Send + 'static {
    type Key;

    fn has(&self, key: Self::Key) -> bool;
    fn first(&self) -> Option<Self::Key>;
}

struct Shelf<S: Store>(S);

#[genserver]
impl<S: Store> Shelf<S> {
    #[init]
    fn init(store: S, _first: Option<S::Key>) -> Self {
        Self(store)
    }

    #[call]
    fn has(&self, key: S::Key) -> bool {
        self.0.has(key)
    }

    #[call]
    async fn first(&mut self) -> Option<S::Key> {
        self.0.first()
    }

    #[cast]
    fn look(&mut self, key: <S as Store>::Key) {
        self.0.has(key);
    }
}

struct Memory;

impl Store for Memory {
    type Key = u8;

    fn has(&self, key: u8) -> bool {
        key == 1
    }

    fn first(&self) -> Option<u8> {
        Some(1)
    }
}

struct Page<'a>(&'a str);

type Home = Page<'static>;
type Job = Box<dyn FnOnce(&mut Press) -> u8 + Send>;

struct Press(u8);

#[genserver]
impl Press {
    #[init]
    fn init(job: Job) -> Self {
        let mut press = Self(1);
        press.0 = job(&mut press);
        press
    }

    #[call]
    fn run(&mut self, job: Job) -> u8 {
        job(self)
    }

    #[call]
    fn home(&self, old: Home) -> Home {
        old
    }

    #[cast]
    fn begin(&mut self, job: Job, home: Home) {
        self.0 = job(self) + home.0.len() as u8;
    }
}

type Slow = Box<dyn FnOnce(&mut SlowPress) -> u8 + Send>;

#[derive(Default)]
struct SlowPress(u8);

#[genserver]
impl SlowPress {
    #[call]
    async fn run(&mut self, job: Slow) -> u8 {
        job(self)
    }

    #[call]
    async fn home(&self, old: Home) -> Home {
        old
    }

    #[cast]
    async fn begin(&mut self, job: Slow, home: Home) {
        self.0 = job(self) + home.0.len() as u8;
    }
}

trait Work: Send {
    fn work(&self) -> u8;
}

impl Work for u8 {
    fn work(&self) -> u8 {
        *self
    }
}

#[derive(Default)]
struct Worker;

#[genserver]
impl Worker {
    #[call]
    async fn run(&mut self, work: Box<dyn Work>) -> Box<dyn Work> {
        work
    }

    #[call]
    fn all(&mut self, work: Vec<Option<Box<dyn Work>>>) -> usize {
        work.len()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shelf = Shelf::start_link(Memory, Some(1)).await?;
    assert!(shelf.has(1).await?);
    assert_eq!(shelf.first().await?, Some(1));
    shelf.look(2).await?;

    let job: Job = Box::new(|press| press.0 + 1);
    let press = Press::start_link(job).await?;
    press.begin(Box::new(|press: &mut Press| press.0) as Job, Page("x")).await?;
    let spawned = press.clone();
    let run = tokio::spawn(async move {
        assert_eq!(spawned.home(Page("y")).await?.0, "y");
        spawned.run(Box::new(|press: &mut Press| press.0) as Job).await
    });
    assert_eq!(run.await??, 3);

    let slow = SlowPress::start_link().await?;
    slow.begin(Box::new(|press: &mut SlowPress| press.0) as Slow, Page("x")).await?;
    let run = tokio::spawn(async move {
        assert_eq!(slow.home(Page("y")).await?.0, "y");
        slow.run(Box::new(|press: &mut SlowPress| press.0) as Slow).await
    });
    assert_eq!(run.await??, 1);

    let worker = Worker::start_link().await?;
    let three: Box<dyn Work> = Box::new(3_u8);
    assert_eq!(worker.run(three).await?.work(), 3);
    assert_eq!(worker.all(vec![None]).await?, 1);
    Ok(())
}
