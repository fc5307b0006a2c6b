//! Servers that hear of the ends of others as messages: of each monitor once, with the reason, behind what the other has sent, and
//! nothing of one that was given up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{Down, Monitor, MonitorRef, Pid, monitor, process_info, sim};

use crate::rng::Rng;
use crate::world::millis;

/// What is known from outside.
#[derive(Default)]
struct Book {
    peers: BTreeMap<Pid, Seen>,
    /// By number; a monitor is set up once.
    set: BTreeMap<MonitorRef, Entry>,
    heard: u64,
    wrong: Option<String>,
}

/// A process that is watched.
#[derive(Default)]
struct Seen {
    /// The last that it has sent for certain.
    sent: u64,
    /// The last that came.
    came: u64,
    /// What it died of.
    reason: Option<ExitReason>,
}

/// A monitor.
struct Entry {
    of: Pid,
    /// It was set while the process lived.
    lived: bool,
    given_up: bool,
    told: Option<ExitReason>,
}

impl Book {
    fn fail(&mut self, what: impl FnOnce() -> String) {
        if self.wrong.is_none() {
            self.wrong = Some(what());
        }
    }

    fn down(&mut self, down: &Down) {
        self.heard += 1;
        if process_info(down.pid).is_some() {
            self.fail(|| format!("{} is told to be down, and lives", down.pid));
        }
        let seen = self.peers.get(&down.pid).map(|seen| (seen.came, seen.sent));
        if seen.is_none_or(|(came, sent)| came < sent) {
            self.fail(|| format!("the down of {} overtakes what it sent: {seen:?}", down.pid));
        }
        let wrong = match self.set.get_mut(&down.monitor) {
            None => Some("nobody has set it".to_owned()),
            Some(entry) => {
                let told = entry.told.replace(down.reason.clone());
                let right = entry.of == down.pid && !entry.given_up && told.is_none();
                let known = down.reason != ExitReason::NoProc || !entry.lived;
                (!right || !known).then(|| {
                    format!(
                        "it is of {}, which lived: {}; given up: {}; told before: {told:?}",
                        entry.of, entry.lived, entry.given_up
                    )
                })
            }
        };
        if let Some(wrong) = wrong {
            self.fail(|| format!("{down:?}: {wrong}"));
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

struct Watcher(Shared);

// The downs go past the bound.
#[genserver(mailbox = 2)]
impl Watcher {
    #[init]
    fn init(book: Shared) -> Self {
        Self(book)
    }

    #[call]
    fn watch(&mut self, pid: Pid, times: u64, cx: &mut Context<Self>) {
        for _ in 0..times {
            let lived = process_info(pid).is_some();
            let monitor = cx.monitor(&pid);
            let entry = Entry {
                of: pid,
                lived,
                given_up: false,
                told: None,
            };
            self.0.with(|book| {
                if book.set.insert(monitor, entry).is_some() {
                    book.fail(|| format!("{monitor:?} is set twice"));
                }
            });
        }
    }

    #[cast]
    fn give_up(&mut self, nth: u64, cx: &mut Context<Self>) {
        let monitor = self.0.with(|book| {
            let nth = (nth as usize).checked_rem(book.set.len())?;
            book.set.keys().nth(nth).copied()
        });
        let Some(monitor) = monitor else { return };
        let given_up = cx.demonitor(monitor);
        self.0.with(|book| {
            let Some(entry) = book.set.get_mut(&monitor) else {
                return;
            };
            let was_there = entry.told.is_none() && !entry.given_up;
            entry.given_up = true;
            if given_up != was_there {
                book.fail(|| {
                    format!("{monitor:?} was there: {was_there}, and given up: {given_up}")
                });
            }
        });
    }

    #[cast]
    fn hear(&mut self, from: Pid, nth: u64) {
        self.0.with(|book| {
            let seen = book.peers.entry(from).or_default();
            let last = std::mem::replace(&mut seen.came, nth);
            if nth != last + 1 {
                book.fail(|| format!("{from} has sent {nth}, and before it {last} came"));
            }
        });
    }

    /// Keeps it busy: ends come meanwhile.
    #[cast]
    async fn work(&mut self, takes: Duration) {
        sim::sleep(takes).await;
    }

    #[down]
    fn gone(&mut self, down: Down) {
        self.0.with(|book| book.down(&down));
    }
}

/// Is watched, and says something to those who watch.
struct Peer(Shared);

#[genserver]
impl Peer {
    #[init]
    fn init(book: Shared, cx: &mut Context<Self>) -> Self {
        book.with(|book| book.peers.entry(cx.pid()).or_default().sent = 0);
        Self(book)
    }

    #[cast]
    async fn say(&mut self, to: WatcherClient, times: u64, ends: Ends, cx: &mut Context<Self>) {
        let me = cx.pid();
        for _ in 0..times {
            let nth = self.0.with(|book| book.peers[&me].sent + 1);
            if to.hear(me, nth).no_timeout().await.is_ok() {
                self.0
                    .with(|book| book.peers.entry(me).or_default().sent = nth);
            } else {
                return;
            }
        }
        match ends {
            Ends::Not => {}
            Ends::Well => cx.stop(ExitReason::Normal),
            Ends::Badly => panic!("{}", crate::PLANNED),
        }
    }
}

#[derive(Clone, Copy)]
enum Ends {
    Not,
    Well,
    Badly,
}

/// Plays the monitors of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::swarm(seed).time_limit(Duration::from_secs(3_600));
    match config.run(watches(seed)) {
        Ok(played) => played.err(),
        Err(stuck) => Some(format!("monitors: {stuck}")),
    }
}

async fn watches(seed: u64) -> Result<(), String> {
    let (mut rng, book) = (Rng::new(seed, 93), Shared::default());
    let failed = |error: StartError| format!("it does not start: {error}");
    let watcher = Watcher::start(book.clone()).await.map_err(failed)?;
    let mut peers = Vec::new();
    let mut dead = Vec::new();
    for _ in 0..8 + rng.below(40) {
        let alive = peers.len() as u64;
        let picked = rng.below(alive.max(1)) as usize;
        match rng.below(10) {
            0 | 1 => {
                let peer = Peer::start(book.clone()).await.map_err(failed)?;
                let pid = peer.pid().ok_or("one that has just started is dead")?;
                drop(sim::spawn(note_end(monitor(pid), book.clone())));
                peers.push(peer);
            }
            2..5 => {
                // Also one that is dead, or is about to be.
                let pid = peers.get(picked).and_then(|peer| peer.pid());
                let other = dead.get(rng.below(dead.len().max(1) as u64) as usize);
                let Some(pid) = pid.filter(|_| rng.permille(700)).or(other.copied()) else {
                    continue;
                };
                let times = 1 + rng.below(3);
                let watched = watcher.watch(pid, times).no_timeout().await;
                watched.map_err(|error| format!("it does not watch: {error}"))?;
            }
            5 => {
                let given_up = watcher.give_up(rng.next()).no_timeout().await;
                given_up.map_err(|error| format!("it does not give up: {error}"))?;
            }
            6 => drop(watcher.work(millis(rng.below(20))).no_timeout().await),
            7 | 8 => {
                let Some(peer) = peers.get(picked) else {
                    continue;
                };
                let ends = rng.pick(&[Ends::Not, Ends::Well, Ends::Badly]);
                dead.extend(peer.pid());
                let said = peer.say(watcher.clone(), rng.below(5), ends);
                drop(said.no_timeout().await);
            }
            _ => {
                if alive == 0 {
                    continue;
                }
                let peer = peers.swap_remove(picked);
                dead.extend(peer.pid());
                match rng.below(3) {
                    0 => peer.kill(),
                    1 => peer.exit(ExitReason::Shutdown),
                    _ => drop(peer.stop().await),
                }
            }
        }
        if rng.permille(500) {
            sim::sleep(millis(rng.pick(&[0, 1, 5]))).await;
        }
        if let Some(wrong) = book.with(|book| book.wrong.take()) {
            return Err(wrong);
        }
    }
    sim::sleep(millis(1_000)).await;
    book.with(settled)?;
    // What is watched goes on when nobody is there to hear of it.
    let heard = book.with(|book| book.heard);
    let end = watcher.monitor();
    watcher.kill();
    let _down = end.await;
    for peer in peers {
        if let Err(error) = peer.stop().await
            && peer.pid().is_some()
        {
            return Err(format!("one that was watched does not stop: {error}"));
        }
    }
    sim::sleep(millis(1_000)).await;
    match book.with(|book| (book.heard, book.wrong.take())) {
        (_, Some(wrong)) => Err(wrong),
        (last, None) if last != heard => Err("one that is dead hears of an end".to_owned()),
        _ => Ok(()),
    }
}

/// Notes what a process dies of.
async fn note_end(end: Monitor, book: Shared) {
    let down = end.await;
    book.with(|book| book.peers.entry(down.pid).or_default().reason = Some(down.reason));
}

/// Everything has come that had to.
fn settled(book: &mut Book) -> Result<(), String> {
    if let Some(wrong) = book.wrong.take() {
        return Err(wrong);
    }
    for (monitor, entry) in &book.set {
        let died_of = book.peers[&entry.of].reason.as_ref();
        let right = match (&entry.told, died_of) {
            (None, None) => true,
            (None, Some(_)) => entry.given_up,
            (Some(_), None) => false,
            (Some(ExitReason::NoProc), Some(_)) => !entry.lived,
            (Some(told), Some(reason)) => told == reason,
        };
        if !right {
            return Err(format!(
                "{monitor:?} of {}, given up: {}, was told {:?}, and it died of {died_of:?}",
                entry.of, entry.given_up, entry.told
            ));
        }
    }
    Ok(())
}
