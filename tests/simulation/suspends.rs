//! Servers that are suspended and go on, while others call them, cast to them, set timers, look into them and end them: nothing is
//! handled that should wait, and nothing is lost that waited.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use suptree::prelude::*;
use suptree::sim;
use suptree::sys::{self, SysError};

use crate::rng::Rng;
use crate::world::millis;

/// What is known about a server from outside.
#[derive(Default)]
struct Outside {
    /// It was suspended, and nobody has asked it to resume.
    held: AtomicBool,
    /// Odd, while somebody is about to suspend it, has done so, or is about to let it go on.
    turns: AtomicU64,
    handled_while_held: AtomicU64,
    out_of_order: AtomicU64,
}

impl Outside {
    fn note(&self) {
        if self.held.load(Ordering::Relaxed) {
            self.handled_while_held.fetch_add(1, Ordering::Relaxed);
        }
    }
}

const CLIENTS: usize = 3;

struct Held {
    outside: Arc<Outside>,
    last: [u64; CLIENTS],
    ticks: u64,
}

#[genserver(mailbox = 4)]
impl Held {
    #[init]
    fn init(outside: Arc<Outside>) -> Self {
        Self {
            outside,
            last: [0; CLIENTS],
            ticks: 0,
        }
    }

    #[call]
    fn ask(&mut self, who: usize, nth: u64) -> u64 {
        self.hear(who, nth);
        nth
    }

    #[call]
    async fn work(&mut self, who: usize, nth: u64, takes: Duration) -> u64 {
        self.hear(who, nth);
        sim::sleep(takes).await;
        self.outside.note();
        nth
    }

    #[cast]
    fn tell(&mut self, who: usize, nth: u64) {
        self.hear(who, nth);
    }

    #[info]
    fn tick(&mut self) {
        self.outside.note();
        self.ticks += 1;
    }

    fn hear(&mut self, who: usize, nth: u64) {
        self.outside.note();
        if nth <= self.last[who] {
            self.outside.out_of_order.fetch_add(1, Ordering::Relaxed);
        }
        self.last[who] = nth;
    }
}

/// Plays the suspensions of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::swarm(seed).time_limit(Duration::from_secs(3_600));
    match config.run(suspensions(seed)) {
        Ok(played) => played.err(),
        Err(stuck) => Some(format!("suspensions: {stuck}")),
    }
}

async fn suspensions(seed: u64) -> Result<(), String> {
    let outside = Arc::<Outside>::default();
    let server = Held::start(Arc::clone(&outside))
        .await
        .map_err(|error| format!("{error:?}"))?;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|who| {
            let rng = Rng::new(seed, 800 + who as u64);
            sim::spawn(client(rng, server.clone(), Arc::clone(&outside), who))
        })
        .collect();
    let rng = Rng::new(seed, 900);
    let holds = sim::spawn(holder(rng, server.clone(), Arc::clone(&outside)));
    let held = holds.await.map_err(|error| format!("{error:?}"))?;
    held?;
    let mut sent = Vec::new();
    for client in clients {
        let told = client
            .await
            .map_err(|error| format!("a client: {error:?}"))?;
        sent.push(told?);
    }
    let wrong = [&outside.handled_while_held, &outside.out_of_order]
        .map(|wrong| wrong.load(Ordering::Relaxed));
    if wrong != [0, 0] {
        return Err(format!(
            "handled while it was held, out of order: {wrong:?}"
        ));
    }
    // What was cast was handled, also what was cast last.
    match sys::with_state(&server, |held: &Held| (held.last, held.ticks)).await {
        Ok((last, ticks)) => {
            for (who, (sent, _)) in sent.iter().enumerate() {
                if last[who] != *sent {
                    return Err(format!("the last of {who} was {sent}, not {}", last[who]));
                }
            }
            let set: u64 = sent.iter().map(|(_, ticks)| ticks).sum();
            if ticks != set {
                return Err(format!("{set} timers were set, and {ticks} fired"));
            }
        }
        Err(error) => return Err(format!("it does not tell its state: {error}")),
    }
    ends(Rng::new(seed, 901), server).await
}

/// Returns the last number that was sent, whatever came of it, and how many timers were set.
async fn client(
    mut rng: Rng,
    server: HeldClient,
    outside: Arc<Outside>,
    who: usize,
) -> Result<(u64, u64), String> {
    let (mut sent, mut ticks) = (0, 0);
    for nth in 1..=4 + rng.below(12) {
        match rng.below(5) {
            0 => {
                let told = server.tell(who, nth).no_timeout().await;
                told.map_err(|error| format!("a cast: {error}"))?;
                sent = nth;
            }
            1 => {
                let asked = server.ask(who, nth).no_timeout().await;
                if asked != Ok(nth) {
                    return Err(format!("{nth} was answered with {asked:?}"));
                }
                sent = nth;
            }
            2 => {
                let takes = Duration::from_micros(rng.below(3_000));
                let asked = server.work(who, nth, takes).no_timeout().await;
                if asked != Ok(nth) {
                    return Err(format!("{nth} was answered with {asked:?}"));
                }
                sent = nth;
            }
            3 => {
                let _set = server
                    .tick()
                    .send_after(Duration::from_micros(rng.below(2_000)));
                ticks += 1;
            }
            _ => {
                let before = outside.turns.load(Ordering::Relaxed);
                let asked = sys::with_state(&server, move |held: &Held| held.last[who]).await;
                let asked = asked.map_err(|error| error.to_string())?;
                // It overtakes what was sent before while the server is suspended, and then only.
                let free =
                    before.is_multiple_of(2) && outside.turns.load(Ordering::Relaxed) == before;
                if asked > sent || free && asked < sent {
                    return Err(format!("{who} was at {sent}, and is found at {asked}"));
                }
            }
        }
        sim::sleep(Duration::from_micros(rng.below(2_000))).await;
    }
    sim::sleep(millis(10)).await;
    Ok((sent, ticks))
}

async fn holder(mut rng: Rng, server: HeldClient, outside: Arc<Outside>) -> Result<(), String> {
    let failed = |error: SysError| format!("the holder: {error}");
    for _ in 0..1 + rng.below(6) {
        sim::sleep(Duration::from_micros(rng.below(3_000))).await;
        outside.turns.fetch_add(1, Ordering::Relaxed);
        sys::suspend(&server).await.map_err(failed)?;
        outside.held.store(true, Ordering::Relaxed);
        for _ in 0..rng.below(4) {
            sim::sleep(Duration::from_micros(rng.below(3_000))).await;
            // It answers at once, whatever waits.
            let status = sys::get_status(&server).timeout(millis(1)).await;
            if !status.map_err(failed)?.suspended {
                return Err("it is not suspended".to_owned());
            }
        }
        outside.held.store(false, Ordering::Relaxed);
        sys::resume(&server).await.map_err(failed)?;
        outside.turns.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// A suspended server ends as any other.
async fn ends(mut rng: Rng, server: HeldClient) -> Result<(), String> {
    sys::suspend(&server)
        .await
        .map_err(|error| error.to_string())?;
    server
        .tell(0, u64::MAX)
        .await
        .map_err(|error| error.to_string())?;
    let caller = server.clone();
    let calls = sim::spawn(async move { caller.ask(1, u64::MAX).no_timeout().await });
    sim::sleep(Duration::from_micros(rng.below(100))).await;
    let end = server.monitor();
    let expected = match rng.below(3) {
        0 => {
            server.kill();
            ExitReason::Killed
        }
        1 => {
            server.exit(ExitReason::Shutdown);
            ExitReason::Shutdown
        }
        _ => {
            server.stop().await.map_err(|error| error.to_string())?;
            ExitReason::Normal
        }
    };
    let ended = end.await.reason;
    let called = calls.await.map_err(|error| format!("{error:?}"))?;
    if ended != expected {
        return Err(format!("it ended with {ended}, not {expected}"));
    }
    match called {
        Err(CallError::NoProc) => Ok(()),
        Err(CallError::Exited(reason)) if reason == expected => Ok(()),
        other => Err(format!("a call that waited has {other:?}")),
    }
}
