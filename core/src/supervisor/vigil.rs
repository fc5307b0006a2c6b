//! The vigil over a supervisor that was told to end: a child may hold up its task, by an `init` that blocks its thread, and then
//! it can neither stop nor be killed by itself.
//!
//! Whoever tells a supervisor to end starts one, and it goes with the supervisor. It looks for signs of life. When there are
//! none for as long as a server has to stop by default, the supervisor is killed, and everything below it; when there are
//! none for the grace of a kill either, what is left is fenced, and its names are free.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::exit_reason::ExitReason;
use crate::process::monitor::{self, Monitor};
use crate::process::node::{self, Node};
use crate::process::status::Status;
use crate::process::{Process, Signal, deferred};
use crate::rt;
use crate::supervisor::report;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::sync::Arc;

/// How long a killed process has to end. After it, a poll that never returns is all that can hold it.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// How long a process has that would otherwise have no limit, where it must have one: what a server has by default.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Sees to it that a supervisor ends which was told to: on its own runtime, and on that of the one who told it, or in a thread
/// where that one has none. They run on where the other is held up as a whole.
pub(super) fn keep(me: &Arc<SupervisorProcess>) {
    let own = &me.header().node;
    own.runtime.spawn(watch(Arc::clone(me), Arc::clone(own)));
    match Node::current_or_new() {
        Some(here) if here.runtime_id != own.runtime_id => {
            here.runtime.spawn(watch(Arc::clone(me), Arc::clone(&here)));
        }
        Some(_) => {}
        // A runtime that shuts down may do so anywhere, and ends its processes itself.
        None if cfg!(suptree_shuttle) || node::process(me.pid()).is_none() => {}
        None => {
            let me = Arc::clone(me);
            let _left_to_its_runtime = rt::thread::spawn("suptree vigil", || watch_in_thread(me));
        }
    }
}

struct Vigil {
    me: Arc<SupervisorProcess>,
    end: Monitor,
    seen: u64,
    silent: Duration,
    killed: bool,
}

impl Vigil {
    fn new(me: Arc<SupervisorProcess>) -> Self {
        Self {
            end: monitor::watch(me.header()),
            seen: me.pulse.get(),
            silent: Duration::ZERO,
            killed: false,
            me,
        }
    }

    /// It has not ended within a grace. `true`: it is given up.
    fn look(&mut self) -> bool {
        let me = &self.me;
        let now = me.pulse.get();
        if now != self.seen {
            (self.seen, self.silent) = (now, Duration::ZERO);
            return false;
        }
        self.silent += GRACE;
        // A task that is not even polled may wait for its turn among many.
        let is_stuck = now % 2 == 1;
        let patience = if is_stuck && me.is_killed() {
            GRACE
        } else {
            PATIENCE
        };
        if self.silent < patience {
            return false;
        }
        if self.killed {
            // Who is woken by it comes last, for it may be foreign code.
            deferred::scope(|| fence(me));
            return true;
        }
        self.killed = true;
        self.silent = Duration::ZERO;
        for process in below(me) {
            deferred::send(process, Signal::Kill);
        }
        Arc::clone(me).signal(Signal::Kill);
        false
    }
}

async fn watch(me: Arc<SupervisorProcess>, node: Arc<Node>) {
    let mut vigil = Vigil::new(me);
    loop {
        vigil.me.look_again();
        if ends_within_grace(&node, &mut vigil.end).await || vigil.look() {
            return;
        }
    }
}

fn watch_in_thread(me: Arc<SupervisorProcess>) {
    let waker = rt::thread::waker();
    let mut cx = Context::from_waker(&waker);
    let mut vigil = Vigil::new(me);
    loop {
        vigil.me.look_again();
        let deadline = rt::thread::now() + GRACE;
        while rt::thread::now() < deadline {
            if Pin::new(&mut vigil.end).poll(&mut cx).is_ready() {
                return;
            }
            rt::thread::park_until(Some(deadline));
        }
        if vigil.look() {
            return;
        }
    }
}

async fn ends_within_grace(node: &Node, end: &mut Monitor) -> bool {
    let mut sleep = node.runtime.sleep_until(rt::deadline(GRACE));
    poll_fn(|cx| {
        if Pin::new(&mut *end).poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        Pin::new(&mut sleep).poll(cx).map(|()| false)
    })
    .await
}

/// The processes that live below a supervisor, in the order of their starts.
fn below(me: &SupervisorProcess) -> Vec<Arc<dyn Process>> {
    let mut found = std::collections::HashSet::from([me.pid()]);
    let mut processes = me.header().node.processes();
    processes.retain(|process| {
        let header = process.header();
        let is_below =
            header.is_supervised() && header.parent.is_some_and(|it| found.contains(&it));
        is_below && found.insert(header.pid)
    });
    processes
}

/// Announces the death of the supervisor and of what is left below it.
fn fence(me: &Arc<SupervisorProcess>) {
    let starting = me.starting();
    for process in below(me).into_iter().rev() {
        let header = process.header();
        let is_starting = header.parent == Some(me.pid())
            && header.exit_reason().is_none()
            && matches!(process.snapshot().status, Status::Starting);
        match &starting {
            Some(id) if is_starting => report::left_behind(header, id, "its start never returned"),
            _ => report::left_behind(header, &header.label(), "a poll of it never returned"),
        }
        process.fence(ExitReason::Killed);
    }
    let header = me.header();
    match starting {
        Some(id) => {
            let reason =
                crate::text::text(format_args!("the start of its child {id} never returned"));
            report::left_behind(header, &header.label(), &reason);
        }
        None => report::left_behind(header, &header.label(), "a poll of it never returned"),
    }
    Arc::clone(me).fence(ExitReason::Killed);
}
