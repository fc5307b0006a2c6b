//! Lanes: how a round goes in each mode, and as many rounds as the calls take.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::round;
use crate::server::{How, IN_PLACE, Own, QUEUED, TIGHT};
use crate::tally::Tally;
use crate::watch::Watch;

/// How calls reach the server and are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    InPlace,
    Queued,
    AsyncHandler,
    FullMailbox,
    Deferred,
    Dropped,
}

impl Mode {
    pub(crate) const ALL: [Self; 6] = [
        Self::InPlace,
        Self::Queued,
        Self::AsyncHandler,
        Self::FullMailbox,
        Self::Deferred,
        Self::Dropped,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::InPlace => "in place",
            Self::Queued => "queued",
            Self::AsyncHandler => "async handler",
            Self::FullMailbox => "full mailbox",
            Self::Deferred => "deferred reply",
            Self::Dropped => "dropped callers",
        }
    }

    /// How the `nth` call of a caller wants its answer; `None`: by a handler that does not wait.
    pub(crate) const fn how(self, nth: u64) -> Option<How> {
        match self {
            Self::InPlace => None,
            Self::Queued => Some(How::At),
            Self::AsyncHandler => Some(How::Later),
            Self::FullMailbox => match nth % 4 {
                0 => Some(How::Later),
                _ => Some(How::At),
            },
            Self::Deferred => match nth % 16 {
                0..4 => Some(How::Kept),
                4 => Some(How::Elsewhere),
                5 => Some(How::Dropped),
                _ => Some(How::At),
            },
            Self::Dropped => match nth % 3 {
                0 => None,
                1 => Some(How::Later),
                _ => Some(How::At),
            },
        }
    }
}

/// What the server dies of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    OwnExit,
    Panic,
    Kill,
    ExitSignal,
    CancelledStart,
}

impl Death {
    pub(crate) const ALL: [Self; 5] = [
        Self::OwnExit,
        Self::Panic,
        Self::Kill,
        Self::ExitSignal,
        Self::CancelledStart,
    ];

    /// What a server of the `nth` round is started with.
    pub(crate) const fn own(self, nth: u64) -> Own {
        // Lives of different lengths: short ones race the callers' first calls.
        let calls = 1 + nth * 7 % 97;
        match self {
            Self::OwnExit => Own::Stop(calls),
            Self::Panic => Own::Panic(calls),
            _ => Own::Never,
        }
    }
}

/// Runs rounds in `lanes` tasks until the calls are made.
pub(crate) async fn run(
    mode: Mode,
    death: Death,
    calls: u64,
    lanes: usize,
    watch: Arc<Watch>,
) -> Tally {
    let made = Arc::new(AtomicU64::new(0));
    let lanes: Vec<_> = (0..lanes)
        .map(|lane| {
            let (made, watch) = (Arc::clone(&made), Arc::clone(&watch));
            tokio::spawn(async move {
                let mut total = Tally::default();
                let mut nth = lane as u64;
                while made.load(Ordering::Relaxed) < calls {
                    let tally = match mode {
                        Mode::InPlace => round::play::<IN_PLACE>(mode, death, nth).await,
                        Mode::FullMailbox => round::play::<TIGHT>(mode, death, nth).await,
                        Mode::AsyncHandler | Mode::Dropped if nth.is_multiple_of(2) => {
                            round::play::<IN_PLACE>(mode, death, nth).await
                        }
                        _ => round::play::<QUEUED>(mode, death, nth).await,
                    };
                    made.fetch_add(tally.calls(), Ordering::Relaxed);
                    watch.round_done();
                    total += tally;
                    // No two lanes play the same round: rounds are told apart by names.
                    nth += lanes as u64;
                }
                total
            })
        })
        .collect();
    let mut total = Tally::default();
    for lane in lanes {
        total += lane.await.expect("a lane");
    }
    total
}
