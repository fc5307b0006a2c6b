//! Servers that wait for a message and are told when none comes: each message cancels what was set before it, however it arrives, and a
//! timeout that nothing cancels comes once, at its time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{sim, sys};

use crate::rng::Rng;
use crate::world::millis;

/// What is known of a server that waits.
#[derive(Default)]
struct Book {
    /// Since when it waits, and for how long.
    waits: Option<(Duration, Duration)>,
    told: u64,
    /// It was suspended, and somebody has perhaps not let it go on: a timeout may be late.
    held: bool,
    /// When it went on.
    resumed: Duration,
    wrong: Option<String>,
}

impl Book {
    fn fail(&mut self, what: impl FnOnce() -> String) {
        if self.wrong.is_none() {
            self.wrong = Some(what());
        }
    }

    /// A message is there: what was set is cancelled.
    fn comes(&mut self) {
        let now = sim::elapsed();
        if let Some((since, time)) = self.waits.take()
            && !self.held
            && now > (since + time).max(self.resumed)
        {
            self.fail(|| {
                format!("at {now:?} it has not been told, though it waited {time:?} from {since:?}")
            });
        }
    }

    /// Its handler is done, and from here on it waits.
    fn waits(&mut self, time: Duration) {
        self.waits = Some((sim::elapsed(), time));
    }

    fn told(&mut self) {
        self.told += 1;
        let now = sim::elapsed();
        match self.waits.take() {
            Some((since, time)) if now == (since + time).max(self.resumed) => {}
            other => self.fail(|| format!("it is told at {now:?}, and waits for {other:?}")),
        }
    }
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Book>>);

impl Shared {
    fn with<R>(&self, work: impl FnOnce(&mut Book) -> R) -> R {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a server waits for after each message of which nothing else is said.
const IDLE: Duration = millis(40);

/// Waits where a message says so.
struct Asked(Shared);

#[genserver]
impl Asked {
    #[init]
    fn init(book: Shared) -> Self {
        Self(book)
    }

    #[cast]
    fn wait(&mut self, time: Duration, cx: &mut Context<Self>) {
        self.0.with(Book::comes);
        cx.timeout(millis(1));
        // The last one counts.
        cx.timeout(time);
        self.0.with(|book| book.waits(time));
    }

    #[call]
    async fn work(&mut self, takes: Duration, wait: Option<Duration>, cx: &mut Context<Self>) {
        self.0.with(Book::comes);
        if let Some(time) = wait {
            cx.timeout(time);
        }
        sim::sleep(takes).await;
        if let Some(time) = wait {
            self.0.with(|book| book.waits(time));
        }
    }

    #[call]
    fn ask(&mut self) {
        self.0.with(Book::comes);
    }

    #[info]
    fn ring(&mut self) {
        self.0.with(Book::comes);
    }

    #[timeout]
    fn told(&mut self) {
        self.0.with(Book::told);
    }
}

/// Waits after each message.
struct Always(Shared);

#[genserver(idle = 40ms)]
impl Always {
    #[init]
    fn init(book: Shared) -> Self {
        book.with(|book| book.waits(IDLE));
        Self(book)
    }

    fn heard(&self, time: Duration) {
        self.0.with(|book| {
            book.comes();
            book.waits(time);
        });
    }

    #[cast]
    fn wait(&mut self, time: Duration, cx: &mut Context<Self>) {
        cx.timeout(time);
        self.heard(time);
    }

    #[call]
    async fn work(&mut self, takes: Duration, wait: Option<Duration>, cx: &mut Context<Self>) {
        self.0.with(Book::comes);
        if let Some(time) = wait {
            cx.timeout(time);
        }
        sim::sleep(takes).await;
        self.0.with(|book| book.waits(wait.unwrap_or(IDLE)));
    }

    #[call]
    fn ask(&mut self) {
        self.heard(IDLE);
    }

    #[info]
    fn ring(&mut self) {
        self.heard(IDLE);
    }

    #[timeout]
    fn told(&mut self) {
        self.0.with(Book::told);
    }
}

/// Does to a server what clients do, and lets it end.
macro_rules! story {
    ($rng:ident, $server:expr, $book:ident) => {{
        let server = $server;
        for _ in 0..8 + $rng.below(40) {
            // Also at the moment when it is about to be told.
            sim::sleep(millis($rng.pick(&[0, 0, 1, 5, 20, 40, 41, 200]))).await;
            let time = millis($rng.pick(&[0, 1, 5, 20, 40, 200]));
            match $rng.below(10) {
                0..4 => drop(server.wait(time).no_timeout().await),
                4 => drop(server.ask().no_timeout().await),
                5 => {
                    let wait = $rng.permille(500).then_some(time);
                    let takes = millis($rng.below(60));
                    drop(server.work(takes, wait).no_timeout().await);
                }
                6 => drop(server.ring().send_after(time)),
                7 => {
                    // Nobody looks at a message that was given up before it was sent.
                    let call = server.ask();
                    drop(call);
                }
                _ => hold(&mut $rng, &server, &$book).await?,
            }
            if let Some(wrong) = $book.with(|book| book.wrong.take()) {
                return Err(wrong);
            }
        }
        sim::sleep(millis(1_000)).await;
        let (waits, told) = $book.with(|book| (book.waits, book.told));
        if waits.is_some() {
            return Err(format!("it was told {told} times, and waits {waits:?}"));
        }
        // What it would be told dies with it.
        let set = server.wait(IDLE).no_timeout().await;
        set.map_err(|error| format!("a cast: {error}"))?;
        if $rng.permille(500) {
            server.kill();
        } else {
            server.stop().await.map_err(|error| error.to_string())?;
        }
        sim::sleep(millis(1_000)).await;
        match $book.with(|book| (book.told, book.wrong.take())) {
            (_, Some(wrong)) => Err(wrong),
            (last, None) if last != told => Err("one that is dead is told".to_owned()),
            _ => Ok(()),
        }
    }};
}

/// Suspends a server for a while: what is due waits. That nobody knows of: it is no message.
async fn hold<S: GenServer, R: AsRef<ServerRef<S>> + Sync>(
    rng: &mut Rng,
    server: &R,
    book: &Shared,
) -> Result<(), String> {
    let failed = |error: sys::SysError| format!("it is not held: {error}");
    book.with(|book| book.held = true);
    sys::suspend(server.as_ref()).await.map_err(failed)?;
    sim::sleep(millis(rng.pick(&[0, 1, 10, 60]))).await;
    book.with(|book| {
        book.held = false;
        book.resumed = sim::elapsed();
    });
    sys::resume(server.as_ref()).await.map_err(failed)
}

/// Plays the timeouts of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::swarm(seed).time_limit(Duration::from_secs(3_600));
    match config.run(idle(seed)) {
        Ok(played) => played.err(),
        Err(stuck) => Some(format!("idle servers: {stuck}")),
    }
}

async fn idle(seed: u64) -> Result<(), String> {
    let (mut rng, book) = (Rng::new(seed, 92), Shared::default());
    let failed = |error: StartError| format!("it does not start: {error}");
    if rng.permille(500) {
        story!(rng, Asked::start(book.clone()).await.map_err(failed)?, book)
    } else {
        let always = Always::start(book.clone()).await.map_err(failed)?;
        story!(rng, always, book)
    }
}
