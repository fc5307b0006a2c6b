//! Looking into servers from outside.

use std::fmt;
use std::ops::ControlFlow;

use suptree::prelude::*;
use suptree::{FormatStatus, sys};

use super::{a_while, foreign, kill_all, spend};
use crate::fault::{Fault, Op, own, visit};
use crate::world::waits;

/// A server whose state is a user's.
#[derive(Clone)]
struct Seen(Fault);

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[genserver(last_message)]
impl Seen {
    #[init]
    fn init(first: Fault) -> Self {
        Self(first)
    }

    #[call]
    fn swap(&mut self, value: Fault) -> Fault {
        std::mem::replace(&mut self.0, value)
    }

    #[cast]
    async fn work(&mut self) {
        waits().await;
    }

    #[cast]
    fn fail(&mut self, error: Fault) -> Result<(), Fault> {
        Err(error)
    }

    #[format_status]
    fn shown(&self, status: &mut FormatStatus) {
        visit(Op::Run);
        status.state = Some(format!("{:?}", self.0));
    }
}

/// What is read, put in its place, shown, and waited for; of a server that lives, is held up, and is dead.
pub(crate) async fn sys() {
    let seen = started!(Seen::start(Fault::new(1)));
    spend(sys::get_state(&seen).await.map(|seen| seen.0));
    foreign(async { spend(sys::get_state(&seen).await.map(|seen| seen.0)) }).await;
    let held = own(async || Fault::new(2)).await;
    let read = sys::with_state(&seen, move |seen: &Seen| {
        visit(Op::Run);
        drop(held);
        seen.0.clone()
    });
    spend(read.await);
    let held = own(async || Fault::new(3)).await;
    let replaced = sys::replace_state(&seen, move |seen: &Seen| {
        visit(Op::Run);
        drop(seen.0.clone());
        Seen(held)
    });
    spend(replaced.await.map(|before| before.0));
    drop(sys::get_status(&seen).await);
    drop(sys::suspend(&seen).await);
    // What is asked of it is queued, and dropped with it.
    let called = seen.swap(Fault::new(4)).timeout(super::SOON);
    spend(called.await);
    spend(sys::get_state(&seen).await.map(|seen| seen.0));
    drop(sys::resume(&seen).await);
    a_while().await;
    drop(seen.work().await);
    // Nobody waits for what it gives.
    let held = own(async || Fault::new(5)).await;
    let late = sys::replace_state(&seen, move |_| Seen(held));
    spend(late.timeout(super::SOON).await.map(|before| before.0));
    a_while().await;
    drop(seen.work().await);
    a_while().await;
    drop(seen.work().await);
    let held = own(async || Fault::new(6)).await;
    let unread = tokio::spawn(sys::with_state(&seen, move |_: &Seen| drop(held)));
    tokio::task::yield_now().await;
    seen.kill();
    drop(unread.await);
    // Watched, in every way.
    let other = started!(Seen::start(Fault::new(1)));
    drop(sys::log(&other, 5).await);
    drop(sys::trace(&other, true).await);
    drop(sys::statistics(&other, true).await);
    let mut hooks = Vec::new();
    for number in 10..13 {
        let held = own(async || Fault::new(number)).await;
        let hook = sys::install(&other, move |_| {
            visit(Op::Run);
            let _held = &held;
            ControlFlow::Continue(())
        });
        hooks.extend(hook.await);
    }
    spend(other.swap(Fault::new(4)).await);
    drop(other.work().await);
    a_while().await;
    for hook in hooks.drain(..1) {
        drop(sys::remove(&other, hook).await);
    }
    drop(sys::get_log(&other).await);
    drop(sys::get_statistics(&other).await);
    drop(sys::no_debug(&other).await);
    let held = own(async || Fault::new(13)).await;
    let hook = sys::install(&other, move |_| {
        let _held = &held;
        ControlFlow::Continue(())
    });
    drop(hook.await);
    other.kill();
    a_while().await;
    // One that crashes is shown.
    let other = started!(Seen::start(Fault::new(1)));
    drop(other.fail(Fault::new(8)).await);
    a_while().await;
    // Nobody is there.
    let held = own(async || Fault::new(7)).await;
    drop(sys::with_state(&seen, move |_: &Seen| drop(held)).await);
    kill_all(|_| true);
    a_while().await;
}
