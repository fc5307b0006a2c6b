//! Types of the user's own, and aliases, in messages of servers with `async` handlers: what a future holds of them is `Send` whatever their
//! names hide.

use std::borrow::Cow;
use std::future::ready;
use std::sync::Arc;

use suptree::prelude::*;

type Change = Box<dyn FnOnce(u8) -> u8 + Send>;
type Shared = Arc<dyn Fn(u8) -> u8 + Send + Sync>;
type Text = Cow<'static, str>;
type Error = Box<dyn std::error::Error + Send + Sync>;

/// It holds what depends on the server that it is sent to.
struct Job {
    back: PressClient,
    other: Option<ShelfClient>,
    change: Change,
    tree: Option<Shop>,
}

struct Batch(Vec<Job>, Shared);

#[derive(Default)]
struct Press(u8);

#[genserver]
impl Press {
    #[call]
    async fn size(&self, change: Change, text: Text) -> usize {
        ready(()).await;
        usize::from(change(self.0)) + text.len()
    }

    #[call]
    async fn print(&mut self, job: Job) -> Result<Job, Error> {
        ready(()).await;
        job.back.set(1).await?;
        Ok(job)
    }

    #[call]
    fn shared(&self, shared: Shared) -> Shared {
        shared
    }

    #[call]
    fn passed(&mut self, job: Job) -> Job {
        job
    }

    #[cast]
    fn set(&mut self, to: u8) {
        self.0 = to;
    }

    #[cast]
    fn change(&mut self, change: Change) {
        self.0 = change(self.0);
    }

    #[cast]
    async fn print_all(&mut self, batch: Batch) {
        ready(()).await;
        for job in batch.0 {
            drop((job.other, job.tree));
            self.0 = batch.1((job.change)(self.0));
        }
    }

    #[info]
    async fn changed(&mut self, change: Change) {
        ready(()).await;
        self.0 = change(self.0);
    }

    #[call]
    async fn later(&mut self, reply: ReplyTo<Job>, job: Job) {
        ready(()).await;
        reply.send(job);
    }

    #[handle_continue]
    async fn next(&mut self, job: Job) {
        ready(()).await;
        drop(job);
    }
}

struct Back(PressClient, Job);

#[derive(Default)]
struct Shelf(Option<Back>);

#[genserver]
impl Shelf {
    #[call]
    async fn put(&mut self, back: Back) -> Option<Back> {
        ready(()).await;
        self.0.replace(back)
    }

    #[cast]
    fn clear(&mut self, back: Back) {
        drop((back.0, back.1));
        self.0 = None;
    }
}

struct Item<T: Send + 'static>(T, Option<StackClient<T>>);

struct Stack<T: Send + 'static>(Vec<Item<T>>);

#[genserver]
impl<T: Send + 'static> Stack<T> {
    #[init]
    fn init() -> Self {
        Self(Vec::new())
    }

    #[call]
    async fn push(&mut self, item: Item<T>, job: Job) -> Option<Job> {
        ready(()).await;
        self.0.push(item);
        Some(job)
    }

    #[cast]
    fn pop(&mut self, job: Job) {
        if let Some(Item(value, stack)) = self.0.pop() {
            drop((value, stack, job));
        }
    }
}

supervisor! { Shop { strategy: one_for_one, children: [Press as press, Shelf as shelf] } }

fn job(press: &PressClient, shelf: &ShelfClient) -> Job {
    Job {
        back: press.clone(),
        other: Some(shelf.clone()),
        change: Box::new(|was| was + 1),
        tree: None,
    }
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let shop = Shop::start_link().await?;
    let (press, shelf) = (shop.press(), shop.shelf());
    let stack = Stack::<u8>::start_link().await?;
    let printed = press.print(job(&press, &shelf)).await?;
    shelf.put(Back(press.clone(), printed?)).await?;
    shelf.clear(Back(press.clone(), job(&press, &shelf))).await?;
    press.change(Box::new(|was| was * 4)).await?;
    let batch = Batch(vec![job(&press, &shelf)], Arc::new(|was| was + 2));
    press.print_all(batch).await?;
    press.changed(Box::new(|was| was + 1)).await?;
    let size = press.size(Box::new(|is| is), Cow::Borrowed("abc")).await?;
    assert_eq!(size, (((1 * 4) + 1) + 2) + 1 + 3);
    assert_eq!(press.shared(Arc::new(|is| is)).await?(7), 7);
    let passed = press.passed(job(&press, &shelf)).await?;
    let later = press.later(passed).await?;
    let item = Item(1, Some(stack.clone()));
    assert!(stack.push(item, later).await?.is_some());
    stack.pop(job(&press, &shelf)).await?;
    Ok(())
}
