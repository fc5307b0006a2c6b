//! Servers that are attached to streams: each item is a message, in order, and the next is taken when it is handled; the end comes behind
//! the last, a failure ends the server, and no stream outlives it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use futures_util::stream::Stream;
use suptree::prelude::*;
use suptree::{Attached, sim, sys};

use crate::rng::Rng;
use crate::world::millis;

/// What is known from outside.
#[derive(Default)]
struct Book {
    streams: Vec<Seen>,
    /// An item was taken out of a stream, and is not handled.
    outstanding: Option<usize>,
    /// A handler runs, or waits.
    handling: bool,
    /// It was suspended, and nobody has asked it to resume.
    held: bool,
    /// A stream has panicked.
    failed: bool,
    /// Its end was told.
    dead: bool,
    items: usize,
    wrong: Option<String>,
}

/// A stream.
struct Seen {
    plan: Plan,
    given: u64,
    handled: u64,
    dropped: bool,
    ended: u32,
    detached: bool,
    attached: Option<Attached>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Last {
    Ends,
    Waits,
    Panics,
}

#[derive(Clone, Copy, Debug)]
struct Plan {
    items: u64,
    last: Last,
}

impl Book {
    fn fail(&mut self, what: impl FnOnce() -> String) {
        if self.wrong.is_none() {
            self.wrong = Some(what());
        }
    }

    /// A stream is polled.
    fn polled(&mut self, id: usize) {
        let seen = &self.streams[id];
        let over = seen.detached || seen.ended > 0 || self.dead;
        let busy = (self.handling, self.outstanding);
        if over || self.held || busy != (false, None) {
            let (dead, held) = (self.dead, self.held);
            self.fail(|| {
                format!("stream {id} is polled; over: {over}, dead: {dead}, held: {held}, handling and outstanding: {busy:?}")
            });
        }
    }

    fn gives(&mut self, id: usize) -> u64 {
        self.outstanding = Some(id);
        self.streams[id].given += 1;
        self.streams[id].given
    }

    fn item(&mut self, id: usize, nth: u64) {
        self.items += 1;
        let outstanding = self.outstanding.take();
        let seen = &mut self.streams[id];
        seen.handled += 1;
        let right = seen.handled == nth && !seen.detached && seen.ended == 0;
        if !right || outstanding != Some(id) || self.dead {
            self.fail(|| format!("item {nth} of stream {id} comes; outstanding: {outstanding:?}"));
        }
    }

    fn ended(&mut self, id: usize) {
        let seen = &mut self.streams[id];
        seen.ended += 1;
        let all = seen.handled == seen.plan.items && seen.plan.last == Last::Ends;
        if !all || seen.ended > 1 || !seen.dropped {
            let (handled, ended, dropped) = (seen.handled, seen.ended, seen.dropped);
            self.fail(|| {
                format!("stream {id} is said to have ended, after {handled} items; told: {ended}, dropped: {dropped}")
            });
        }
    }
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Book>>);

impl Shared {
    fn with<R>(&self, work: impl FnOnce(&mut Book) -> R) -> R {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn handling(&self) -> Handling<'_> {
        self.with(|book| {
            if std::mem::replace(&mut book.handling, true) {
                book.fail(|| "two handlers run at once".to_owned());
            }
        });
        Handling(self)
    }
}

/// As long as a handler runs.
struct Handling<'a>(&'a Shared);

impl Drop for Handling<'_> {
    fn drop(&mut self) {
        self.0.with(|book| book.handling = false);
    }
}

/// A stream that has its items when it likes.
struct Items {
    book: Shared,
    id: usize,
    rng: Rng,
    sleep: Option<Pin<Box<sim::Sleep>>>,
}

impl Stream for Items {
    type Item = (usize, u64);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let id = self.id;
        self.book.with(|book| book.polled(id));
        loop {
            if let Some(sleep) = &mut self.sleep {
                ready!(sleep.as_mut().poll(cx));
                self.sleep = None;
            }
            match self.rng.below(6) {
                0 => {
                    let time = millis(self.rng.pick(&[0, 1, 1, 5, 30]));
                    self.sleep = Some(Box::pin(sim::sleep(time)));
                }
                1 => {
                    // It has something, and says so while it is asked.
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                _ => break,
            }
        }
        let (plan, given) = self.book.with(|book| {
            let seen = &book.streams[id];
            (seen.plan, seen.given)
        });
        if given < plan.items {
            return Poll::Ready(Some((id, self.book.with(|book| book.gives(id)))));
        }
        match plan.last {
            Last::Ends => Poll::Ready(None),
            Last::Waits => Poll::Pending,
            Last::Panics => {
                self.book.with(|book| book.failed = true);
                panic!("{}", crate::PLANNED)
            }
        }
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        let id = self.id;
        self.book.with(|book| {
            if std::mem::replace(&mut book.streams[id].dropped, true) {
                book.fail(|| format!("stream {id} is dropped twice"));
            }
        });
    }
}

struct Reader(Shared);

#[genserver(mailbox = 2)]
impl Reader {
    #[init]
    fn init(book: Shared, first: Option<(Plan, Rng)>, cx: &mut Context<Self>) -> Self {
        let reader = Self(book);
        if let Some((plan, rng)) = first {
            reader.attach(plan, rng, cx);
        }
        reader
    }

    fn attach(&self, plan: Plan, rng: Rng, cx: &mut Context<Self>) {
        let id = self.0.with(|book| {
            book.streams.push(Seen {
                plan,
                given: 0,
                handled: 0,
                dropped: false,
                ended: 0,
                detached: false,
                attached: None,
            });
            book.streams.len() - 1
        });
        let items = Items {
            book: self.0.clone(),
            id,
            rng,
            sleep: None,
        };
        let me = cx.client();
        let attached = cx.attach(items).item().on_end(me.ended(id));
        self.0
            .with(|book| book.streams[id].attached = Some(attached));
    }

    #[cast]
    fn read(&mut self, plan: Plan, rng: Rng, cx: &mut Context<Self>) {
        let _handling = self.0.handling();
        self.attach(plan, rng, cx);
    }

    #[info]
    async fn item(&mut self, id: usize, nth: u64) {
        let _handling = self.0.handling();
        self.0.with(|book| book.item(id, nth));
        match (id as u64 + nth) % 4 {
            0 => sim::sleep(millis(nth % 7)).await,
            1 => sim::yield_now().await,
            _ => {}
        }
    }

    #[info]
    fn ended(&mut self, id: usize) {
        let _handling = self.0.handling();
        self.0.with(|book| book.ended(id));
    }

    /// From here on no item of it comes.
    #[cast]
    fn leave(&mut self, id: usize) {
        let _handling = self.0.handling();
        let Some(attached) = self.0.with(|book| book.streams[id].attached.clone()) else {
            return;
        };
        let was = attached.is_attached();
        attached.detach();
        self.0.with(|book| {
            let seen = &mut book.streams[id];
            seen.detached |= was;
            if !seen.dropped || attached.is_attached() {
                book.fail(|| format!("stream {id} is detached, and is there"));
            }
        });
    }

    #[call]
    async fn work(&mut self, takes: Duration) {
        let _handling = self.0.handling();
        sim::sleep(takes).await;
    }

    /// Sent when so many items had been handled, of so many streams. Each has one before it, and one is perhaps on its way.
    #[cast]
    fn has_its_turn(&mut self, before: usize, streams: usize) {
        let _handling = self.0.handling();
        self.0.with(|book| {
            let items = book.items - before;
            if items > streams + 1 {
                book.fail(|| format!("{items} items of {streams} streams overtake a message"));
            }
        });
    }
}

/// Plays the streams of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::swarm(seed).time_limit(Duration::from_secs(3_600));
    match config.run(attached(seed)) {
        Ok(played) => played.err(),
        Err(stuck) => Some(format!("streams: {stuck}")),
    }
}

fn plan(rng: &mut Rng, panics: bool) -> Plan {
    let last = rng.pick(&[Last::Ends, Last::Ends, Last::Waits, Last::Panics]);
    Plan {
        items: rng.below(20),
        last: if last == Last::Panics && !panics {
            Last::Ends
        } else {
            last
        },
    }
}

async fn attached(seed: u64) -> Result<(), String> {
    let (mut rng, book) = (Rng::new(seed, 94), Shared::default());
    let panics = rng.permille(200);
    let first = rng
        .permille(300)
        .then(|| (plan(&mut rng, false), Rng::new(rng.next(), 95)));
    let reader = Reader::start(book.clone(), first).await;
    let reader = reader.map_err(|error| format!("it does not start: {error}"))?;
    let end = reader.monitor();
    let told = {
        let book = book.clone();
        sim::spawn(async move {
            let down = end.await;
            book.with(|book| {
                book.dead = true;
                if let Some(left) = book.streams.iter().position(|seen| !seen.dropped) {
                    book.fail(|| format!("the server is dead, and stream {left} is not dropped"));
                }
            });
            down.reason
        })
    };
    for _ in 0..4 + rng.below(20) {
        sim::sleep(millis(rng.pick(&[0, 0, 1, 5, 30]))).await;
        let streams = book.with(|book| book.streams.len()) as u64;
        match rng.below(9) {
            0..4 => {
                let (plan, own) = (plan(&mut rng, panics), Rng::new(rng.next(), 95));
                drop(reader.read(plan, own).no_timeout().await);
            }
            4 if streams > 0 => {
                let id = rng.below(streams) as usize;
                drop(reader.leave(id).no_timeout().await);
            }
            5 => drop(reader.work(millis(rng.below(20))).no_timeout().await),
            6 => hold(&mut rng, &reader, &book).await?,
            _ => {
                // There is no room, or it is queued at this moment.
                let (items, streams) = book.with(|book| (book.items, book.streams.len()));
                drop(reader.has_its_turn(items, streams).try_send());
            }
        }
        if let Some(wrong) = book.with(|book| book.wrong.take()) {
            return Err(wrong);
        }
    }
    if rng.permille(500) {
        sim::sleep(millis(60_000)).await;
        book.with(settled)?;
    }
    let failed = book.with(|book| book.failed);
    if rng.permille(500) {
        reader.kill();
    } else {
        drop(reader.stop().await);
    }
    let reason = told.await.map_err(|error| format!("{error:?}"))?;
    let right = match &reason {
        ExitReason::Killed | ExitReason::Normal => true,
        ExitReason::Panic(_) => book.with(|book| book.failed),
        _ => false,
    };
    if !right || failed && !matches!(reason, ExitReason::Panic(_)) {
        return Err(format!(
            "it ended with {reason}; a stream panicked: {failed}"
        ));
    }
    sim::sleep(millis(1_000)).await;
    let left = book.with(|book| {
        let handles = book.streams.iter().filter_map(|seen| seen.attached.clone());
        handles.filter(Attached::is_attached).count()
    });
    if left > 0 {
        return Err(format!("one that is dead is attached to {left} streams"));
    }
    book.with(|book| book.wrong.take()).map_or(Ok(()), Err)
}

/// Suspends it for a while: no stream is asked meanwhile.
async fn hold(rng: &mut Rng, reader: &ReaderClient, book: &Shared) -> Result<(), String> {
    if sys::suspend(reader).await.is_err() {
        return Ok(());
    }
    book.with(|book| book.held = true);
    sim::sleep(millis(rng.pick(&[0, 1, 10]))).await;
    book.with(|book| book.held = false);
    match sys::resume(reader).await {
        Err(error) if reader.pid().is_some() => Err(format!("it does not resume: {error}")),
        _ => Ok(()),
    }
}

/// All that there is has come.
fn settled(book: &mut Book) -> Result<(), String> {
    if let Some(wrong) = book.wrong.take() {
        return Err(wrong);
    }
    if book.failed {
        return Ok(());
    }
    for (id, seen) in book.streams.iter().enumerate() {
        let all = seen.handled == seen.plan.items;
        let ended = (seen.ended == 1, seen.dropped);
        let right = match seen.plan.last {
            _ if seen.detached => ended == (false, true),
            Last::Ends => all && ended == (true, true),
            Last::Waits => all && ended == (false, false),
            Last::Panics => false,
        };
        if !right {
            return Err(format!(
                "stream {id} ({:?}) has {} items handled; ended and dropped: {ended:?}; detached: {}",
                seen.plan, seen.handled, seen.detached
            ));
        }
    }
    Ok(())
}
