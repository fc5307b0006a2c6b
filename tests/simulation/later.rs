//! What servers are sent later, and what they continue with: timers that are set, cancelled and kept while their servers are busy, die and
//! are restarted. Each message comes at its time, to the process it is for, once or not at all; and nothing is left of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{Timer, sim};

use crate::rng::Rng;
use crate::world::millis;

/// What is known from outside.
#[derive(Default)]
struct Book {
    /// Incarnations so far.
    clerks: u32,
    kills: u32,
    timers: Vec<Entry>,
    wrong: Option<String>,
    /// Something has kept a clerk busy, or ended one.
    disturbed: bool,
}

/// A timer that was set.
struct Entry {
    set: Duration,
    after: Duration,
    /// It sends again and again.
    again: bool,
    /// The incarnation that it is for, where it is for one.
    of: Option<u32>,
    timer: Option<Timer>,
    /// Cancelled before it was sent.
    cancelled: Option<Duration>,
    /// The last of its ticks that came.
    last: u32,
    rung: u32,
}

impl Book {
    fn fail(&mut self, what: impl FnOnce() -> String) {
        if self.wrong.is_none() {
            self.wrong = Some(what());
        }
    }

    /// A message of a timer has come.
    fn ring(&mut self, clerk: u32, id: usize) {
        let now = sim::elapsed();
        let entry = &mut self.timers[id];
        entry.rung += 1;
        let ticks = ((now - entry.set).as_nanos() / entry.after.as_nanos()) as u32;
        let (first, new) = (entry.rung == 1, ticks > entry.last);
        entry.last = ticks;
        let right = entry.of.is_none_or(|of| of == clerk)
            && if entry.again {
                new
            } else {
                first && ticks >= 1
            };
        let late = entry.cancelled.filter(|_| !entry.again);
        if !right || late.is_some() {
            let Entry {
                set,
                after,
                of,
                rung,
                ..
            } = *entry;
            self.fail(|| {
                format!(
                    "clerk {clerk} is rung at {now:?} for the {rung}th time, by a timer of {of:?} that was set at {set:?} for {after:?}, and cancelled at {late:?}"
                )
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
}

/// Goes along with each message: what is left of them can be counted.
#[derive(Clone)]
struct Token(#[expect(dead_code, reason = "counted by its references")] Arc<()>);

struct Clerk {
    book: Shared,
    nth: u32,
    /// What it has to do before anything else.
    next: Vec<u32>,
}

impl Clerk {
    fn before(&self, what: &str) {
        if let Some(first) = self.next.first() {
            self.book.with(|book| {
                book.fail(|| format!("{what} comes before what was to continue with {first}"));
            });
        }
    }
}

#[genserver]
impl Clerk {
    #[init]
    fn init(book: Shared) -> Self {
        let nth = book.with(|book| {
            book.clerks += 1;
            book.clerks
        });
        Self {
            book,
            nth,
            next: Vec::new(),
        }
    }

    #[info]
    fn ring(&mut self, id: usize, _token: Token) {
        self.before("a timer");
        self.book.with(|book| book.ring(self.nth, id));
    }

    #[cast]
    fn begin(&mut self, n: u32, token: Token, cx: &mut Context<Self>) {
        self.before("a cast");
        self.next = vec![n, n + 1];
        cx.then().go_on(n, token.clone());
        cx.then().go_on(n + 1, token);
    }

    #[handle_continue]
    async fn go_on(&mut self, n: u32, _token: Token) {
        if n.is_multiple_of(3) {
            sim::yield_now().await;
        }
        let first = (!self.next.is_empty()).then(|| self.next.remove(0));
        if first != Some(n) {
            self.book.with(|book| {
                book.fail(|| format!("it continues with {n}, and not with {first:?}"));
            });
        }
    }

    #[cast]
    async fn work(&mut self, takes: Duration) {
        self.before("work");
        sim::sleep(takes).await;
    }

    #[call]
    fn nth(&self) -> u32 {
        self.before("a call");
        self.nth
    }
}

supervisor! {
    Office(book: Shared) { strategy: one_for_one, max_restarts: 1_000_000, children: [Clerk(book)] }
}

/// Plays what is sent later in the story of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::new(seed).time_limit(Duration::from_secs(3600));
    match config.run(later(seed)) {
        Ok(violation) => violation,
        Err(stuck) => Some(format!("what is sent later: {stuck}")),
    }
}

async fn later(seed: u64) -> Option<String> {
    let mut rng = Rng::new(seed, 91);
    let (book, held) = (Shared::default(), Arc::new(()));
    let office = Office::start_link(book.clone()).await.ok()?;
    let calm = rng.permille(400);
    for _ in 0..5 + rng.below(40) {
        sim::sleep(millis(rng.pick(&[0, 0, 1, 3, 10, 50]))).await;
        act(&mut rng, &office, &book, &held, calm).await;
        if let Some(wrong) = book.with(|book| book.wrong.take()) {
            return Some(wrong);
        }
    }
    // All that is to be sent once has been.
    sim::sleep(Duration::from_secs(10)).await;
    let last = office.clerk().nth().no_timeout().await;
    let now = sim::elapsed();
    let missing = book.with(|book| {
        let disturbed = book.disturbed;
        book.timers.iter().find_map(|entry| {
            // Of a place somebody may not have been there at the time.
            let lives = entry.of.map_or(!disturbed, |of| Ok(of) == last);
            let (until, most) = match entry.cancelled {
                Some(at) => (at, 0),
                None => (now, 1),
            };
            let ticks = ((until - entry.set).as_nanos() / entry.after.as_nanos()) as u32;
            let least = match (entry.again, disturbed) {
                (false, _) => most,
                // Ticks that come while one waits are one; a tick at the very moment may come, or not.
                (true, true) => u32::from(ticks > 1 && entry.cancelled.is_none()),
                (true, false) => ticks.saturating_sub(1),
            };
            let Entry { set, after, rung, again, cancelled, .. } = *entry;
            (lives && rung < least).then(|| {
                format!(
                    "a timer that was set at {set:?} for {after:?} (again: {again}, cancelled: {cancelled:?}) has rung {rung} times, and not {least}, by {now:?}"
                )
            })
        })
    });
    // A clerk that panics is replaced, too.
    let (clerks, kills) = book.with(|book| (book.clerks, book.kills));
    let unasked = (clerks > 1 + kills).then(|| format!("{kills} kills, and {clerks} clerks"));
    if let Some(wrong) = missing
        .or(unasked)
        .or_else(|| book.with(|book| book.wrong.take()))
    {
        return Some(wrong);
    }
    // A message finds its entry by number, also the tick that is due at this very moment: all entries stay where they are. Of a clerk's
    // own timers nobody keeps a handle, and nobody cancels them.
    let timers: Vec<Timer> = book.with(|book| {
        let handles = book.timers.iter_mut();
        handles
            .filter_map(|entry| entry.timer.take().filter(|_| entry.of.is_none()))
            .collect()
    });
    let clerk = office.clerk().as_ref().bound();
    if let Err(error) = office.stop().await {
        return Some(format!("the office does not stop: {error}"));
    }
    // What is for the place is for nobody from now on. Time stands still: nothing goes because it is due.
    for timer in &timers {
        timer.cancel();
    }
    for _ in 0..20 {
        sim::yield_now().await;
    }
    drop(timers);
    if let Some(wrong) = book.with(|book| book.wrong.take()) {
        return Some(wrong);
    }
    // Somebody still has a reference to the last clerk, which keeps nothing.
    let left = Arc::strong_count(&held) - 1;
    drop(clerk);
    (left > 0).then(|| format!("{left} messages are left of what would have been sent later"))
}

/// Does one thing that has to do with time.
async fn act(rng: &mut Rng, office: &Office, book: &Shared, held: &Arc<()>, calm: bool) {
    let token = Token(Arc::clone(held));
    match rng.below(if calm { 8 } else { 11 }) {
        0..5 => {
            let bound = rng.permille(700);
            // Whoever that is: it is told by a call, which may meet a death.
            let clerk = match office.clerk().as_ref().bound().filter(|_| bound) {
                Some(clerk) => ClerkClient::from(clerk),
                None => office.clerk(),
            };
            let of = if bound { clerk.nth().await.ok() } else { None };
            if bound && of.is_none() {
                return;
            }
            let (again, after) = (rng.permille(300), millis(1 + rng.below(200)));
            let set = sim::elapsed();
            let id = book.with(|book| {
                book.timers.push(Entry {
                    set,
                    after,
                    again,
                    of,
                    timer: None,
                    cancelled: None,
                    last: 0,
                    rung: 0,
                });
                book.timers.len() - 1
            });
            let message = clerk.ring(id, token);
            let timer = if again {
                message.send_every(after)
            } else {
                message.send_after(after)
            };
            book.with(|book| book.timers[id].timer = Some(timer));
        }
        5 => {
            let timers = book.with(|book| book.timers.len()) as u64;
            if timers == 0 {
                return;
            }
            let id = rng.below(timers) as usize;
            let Some(timer) = book.with(|book| book.timers[id].timer.clone()) else {
                return;
            };
            let left = timer.left();
            let cancelled = timer.cancel();
            let again = timer.cancel();
            book.with(|book| {
                if cancelled != left || again.is_some() {
                    book.fail(|| format!("of a timer {left:?} was left, and cancelled {cancelled:?}, and again {again:?}"));
                }
                if cancelled.is_some() {
                    book.timers[id].cancelled.get_or_insert(sim::elapsed());
                }
            });
        }
        6 | 7 => drop(office.clerk().begin(rng.below(100) as u32, token).await),
        8 | 9 => {
            book.with(|book| book.disturbed = true);
            drop(office.clerk().work(millis(rng.below(300))).await);
        }
        _ => {
            book.with(|book| {
                book.disturbed = true;
                book.kills += 1;
            });
            office.clerk().kill();
        }
    }
}
