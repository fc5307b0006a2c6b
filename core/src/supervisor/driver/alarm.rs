//! `Alarm`: rings when the first of several times has come.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::planted::{Bug, planted};
use crate::rt::{Instant, Runtime, Sleep};

#[derive(Default)]
pub(super) struct Alarm(Option<(Instant, Sleep)>);

impl Alarm {
    /// Ready when this moment is over. `None`: never.
    pub(super) fn poll(
        &mut self,
        at: Option<Instant>,
        runtime: &Runtime,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        let Some(at) = at else {
            self.0 = None;
            return Poll::Pending;
        };
        if !planted(Bug::AlarmNotSetAnew) {
            self.0.take_if(|(rings, _)| *rings != at);
        }
        let (_, sleep) = self.0.get_or_insert_with(|| (at, runtime.sleep_until(at)));
        ready!(Pin::new(sleep).poll(cx));
        self.0 = None;
        Poll::Ready(())
    }
}
