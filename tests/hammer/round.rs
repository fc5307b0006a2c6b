//! A round: the life of one server, the callers that race its death, and the watch on each of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use suptree::{ExitReason, Name, ServerRef, monitor, start};
use tokio::task::yield_now;

use crate::lane::{Death, Mode};
use crate::named::Named;
use crate::server::{Echo, EchoCall, Sync};
use crate::tally::Tally;

/// A caller that is not through this long after its server's death is hung.
pub(crate) const HUNG: Duration = Duration::from_secs(5);
const CALLERS: u64 = 4;

/// What a caller is doing, for the message when it is found hung.
#[derive(Default)]
pub(crate) struct Progress(AtomicU64);

impl Progress {
    const BUSY: u64 = 1 << 63;

    pub(crate) fn begin(&self, call: u64) {
        self.0.store(call | Self::BUSY, Ordering::Relaxed);
    }

    pub(crate) fn end(&self, call: u64) {
        self.0.store(call, Ordering::Relaxed);
    }

    pub(crate) fn describe(&self) -> String {
        let seen = self.0.load(Ordering::Relaxed);
        match seen & Self::BUSY {
            0 => format!("through after call {seen:#x}"),
            _ => format!("HUNG in call {:#x}", seen & !Self::BUSY),
        }
    }
}

/// Starts a server, lets callers call it until it is dead, and waits for every one of them.
pub(crate) async fn play<const KIND: u8>(mode: Mode, death: Death, nth: u64) -> Tally {
    let mut tally = Tally {
        servers: 1,
        ..Tally::default()
    };
    if death == Death::CancelledStart {
        return cancelled_start::<KIND>(mode, nth).await;
    }
    let server = start::<Echo<KIND>>(death.own(nth))
        .await
        .expect("an unnamed server starts");
    let down = server.monitor();
    let mut callers = Vec::new();
    for caller in 0..CALLERS {
        let server = server.clone();
        let progress = Arc::new(Progress::default());
        let noted = Arc::clone(&progress);
        let task =
            tokio::spawn(async move { call_until_dead(&server, mode, caller, &noted).await });
        callers.push((task, progress));
    }
    let end = tokio::spawn(async move {
        for _ in 0..nth * 13 % 101 {
            yield_now().await;
        }
        match death {
            Death::Kill => server.kill(),
            Death::ExitSignal => server.exit(ExitReason::Shutdown),
            _ => {}
        }
    });
    // A server that ends by itself ends by its calls, so the callers' time runs from here on as well.
    let died = tokio::time::timeout(HUNG * 4, down).await;
    assert!(
        died.is_ok(),
        "{mode:?}, {death:?}, round {nth}: the server does not die: {died:?}"
    );
    for (caller, (task, progress)) in callers.into_iter().enumerate() {
        match tokio::time::timeout(HUNG, task).await {
            Ok(done) => tally += done.expect("a caller does not panic"),
            Err(_) => hung(mode, death, nth, caller, &progress),
        }
    }
    end.await.expect("the end comes");
    tally
}

/// R27: the start is dropped before, in, or after `init`, while others call the server by its name.
async fn cancelled_start<const KIND: u8>(mode: Mode, nth: u64) -> Tally {
    let mut tally = Tally {
        servers: 1,
        ..Tally::default()
    };
    let server = ServerRef::<Named<KIND>>::named(Name::new((KIND, nth)));
    let stop = Arc::new(AtomicU64::new(0));
    let mut callers = Vec::new();
    for caller in 0..CALLERS {
        let (server, stop) = (server.clone(), Arc::clone(&stop));
        let progress = Arc::new(Progress::default());
        let noted = Arc::clone(&progress);
        let task = tokio::spawn(async move {
            let mut tally = Tally::default();
            let mut call = caller << 32;
            while stop.load(Ordering::Relaxed) == 0 {
                noted.begin(call);
                let outcome = server
                    .call_with(EchoCall::with(call, crate::server::How::At))
                    .no_timeout()
                    .await;
                noted.end(call);
                if !tally.count(call, &outcome) {
                    yield_now().await;
                }
                call += 1;
            }
            tally
        });
        callers.push((task, progress));
    }
    for attempt in 0..8 {
        let starting = tokio::spawn(async move { start::<Named<KIND>>((KIND, nth)).await });
        for _ in 0..(nth + attempt) % 4 {
            yield_now().await;
        }
        starting.abort();
        // A start that was through before is ended another way: the name has to be free for the next.
        if let Ok(Ok(started)) = starting.await {
            let down = monitor(started.pid().expect("just started"));
            yield_now().await;
            started.kill();
            down.await;
        }
        assert_eq!(
            suptree::whereis(&(KIND, nth)),
            None,
            "{mode:?}: a name is held by nobody"
        );
    }
    stop.store(1, Ordering::Relaxed);
    for (caller, (task, progress)) in callers.into_iter().enumerate() {
        match tokio::time::timeout(HUNG, task).await {
            Ok(done) => tally += done.expect("a caller does not panic"),
            Err(_) => hung(mode, Death::CancelledStart, nth, caller, &progress),
        }
    }
    tally
}

async fn call_until_dead<const KIND: u8>(
    server: &ServerRef<Echo<KIND>>,
    mode: Mode,
    caller: u64,
    progress: &Progress,
) -> Tally {
    let mut tally = Tally::default();
    for nth in 0.. {
        let id = caller << 32 | nth;
        progress.begin(id);
        let call = async {
            match mode.how(nth) {
                None => Ok(server.call(Sync(id)).no_timeout().await?),
                Some(how) => Ok(server
                    .call_with(EchoCall::with(id, how))
                    .no_timeout()
                    .await?),
            }
        };
        let outcome = if mode == Mode::Dropped && nth % 2 == 0 {
            // R53: the caller gives up while the call is on its way. A late reply must not reach its next call.
            tokio::select! { biased;
                outcome = call => Some(outcome),
                () = yield_now() => None,
            }
        } else {
            Some(call.await)
        };
        progress.end(id);
        match outcome {
            Some(outcome) => {
                if !tally.count(id, &outcome) {
                    return tally;
                }
            }
            None => tally.cancelled += 1,
        }
    }
    tally
}

fn hung(mode: Mode, death: Death, nth: u64, caller: usize, progress: &Progress) -> ! {
    panic!(
        "{mode:?}, {death:?}, round {nth}, caller {caller}: not through {HUNG:?} after its server's death: {}",
        progress.describe()
    )
}
