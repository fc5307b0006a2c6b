//! A server that is tested alone: a cell that nobody runs, and what its handlers have left in it.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use super::batch::Batch;
use super::init::StartingCell;
use super::message::Mail;
use super::{AnyCell, Body};
use crate::catch::catch;
use crate::exit_reason::ExitReason;
use crate::gen_server::context::Context;
use crate::gen_server::large::ByValue;
use crate::gen_server::{GenServer, Message};
use crate::guard::{self, discard};
use crate::process::current;
use crate::process::monitors::MonitorRef;
use crate::process::name::Name;
use crate::process::node::Node;
use crate::process::pid::Pid;
use crate::reply::abandoned;
use crate::rt::still::Still;
use crate::sync::Arc;

/// The cell, on a node of its own. It ends with this.
pub(in crate::gen_server) struct Alone<S: GenServer> {
    // They are dropped in this order.
    cell: StartingCell<S>,
    waiting: Waiting<S>,
    node: OpenNode,
    _runtime: Still,
    /// Timers from this number on were not looked at yet.
    next_timer: u64,
    /// Monitors after this one were not looked at yet.
    last_monitor: MonitorRef,
}

/// Messages that the server would handle, each with whether it was looked at.
struct Waiting<S: GenServer>(VecDeque<(Mail<S>, bool)>);

struct OpenNode(Arc<Node>);

impl Drop for OpenNode {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<S: GenServer> Drop for Waiting<S> {
    fn drop(&mut self) {
        while let Some(mail) = self.0.pop_front() {
            discard(mail);
        }
    }
}

/// What a server was left to handle, as it is looked at.
pub(in crate::gen_server) struct Left<'a, S: GenServer> {
    pub(in crate::gen_server) message: &'a Message<S>,
    /// In which time it will be sent, where it was not yet.
    pub(in crate::gen_server) after: Option<Duration>,
    /// Of a timer that sends it again and again.
    pub(in crate::gen_server) period: Option<Duration>,
}

impl<S: GenServer> Alone<S> {
    pub(in crate::gen_server) fn new() -> (Self, Context<S>) {
        let runtime = Still::new();
        let node = OpenNode(Node::still(runtime.runtime()));
        let cell = StartingCell::alone(&node.0);
        let cx = Context::new(Arc::clone(cell.cell()) as _);
        let alone = Self {
            cell,
            waiting: Waiting(VecDeque::new()),
            node,
            _runtime: runtime,
            next_timer: 0,
            last_monitor: MonitorRef::NONE,
        };
        (alone, cx)
    }

    /// Takes what was left. `Some`: the server was asked to stop.
    pub(in crate::gen_server) fn take_left(&mut self, cx: &mut Context<S>) -> Option<ExitReason> {
        let (cell, waiting) = (self.cell.cell(), &mut self.waiting.0);
        let mut batch = Batch::<Mail<S>>::new();
        let stop = cell.any().take_asked(&mut cx.asked, &mut batch);
        if stop.is_some() {
            cx.send_held_replies();
        }
        let mut first = Vec::new();
        while let Some(mail) = batch.next() {
            first.push(mail);
        }
        for mail in first.into_iter().rev() {
            waiting.push_front((mail, false));
        }
        let (mailbox, bound) = (&cell.body.mailbox, Body::<S>::BOUND);
        if mailbox.take(bound, &mut batch) {
            while let Some(mail) = batch.next() {
                waiting.push_back((mail, false));
            }
            mailbox.flush(bound, &mut batch);
        }
        stop
    }

    /// Looks at each message that was left and not looked at before, and at each timer that is set.
    pub(in crate::gen_server) fn look(&mut self, look: &mut dyn FnMut(Left<'_, S>)) {
        for (mail, looked) in &mut self.waiting.0 {
            if let (Some((message, _)), false) = (mail.look(), std::mem::replace(looked, true)) {
                look(Left {
                    message,
                    after: None,
                    period: None,
                });
            }
        }
        let now = self.node.0.now();
        let since = self.next_timer;
        self.next_timer = self
            .cell
            .cell()
            .look_at_timers(since, &mut |deadline, mail| {
                if let Some((message, period)) = mail.look() {
                    look(Left {
                        message,
                        after: Some(deadline.saturating_duration_since(now)),
                        period,
                    });
                }
            });
    }

    /// Takes the links that were asked for.
    pub(in crate::gen_server) fn take_links(&self) -> Vec<Pid> {
        self.node.0.take_asked_links()
    }

    /// Whom it monitors by those monitors that are set and were not looked at before: by a name, if it is meant by one.
    pub(in crate::gen_server) fn look_at_monitors(
        &mut self,
        look: &mut dyn FnMut(Pid, Option<&Name>),
    ) {
        let header = &self.cell.cell().any().header;
        let last = &mut self.last_monitor;
        let mut new = Vec::new();
        header.monitors(|monitors| {
            let set = monitors.since(*last);
            new.extend(set.map(|(monitor, whom)| (monitor, whom.pid, whom.name.clone())));
        });
        for (monitor, pid, name) in new {
            *last = monitor;
            look(pid, name.as_ref());
        }
    }

    /// Has the clock go on, and sends what is due.
    pub(in crate::gen_server) fn advance(&self, by: Duration) {
        self.node.0.advance(by);
        let (cell, now) = (self.cell.cell().any(), self.node.0.now());
        cell.send_due(now);
        let _nobody_runs_it = cell.ring(now);
    }

    /// Sees to the signals that have come. `Some`: the server would die of one.
    pub(in crate::gen_server) fn take_signals(&self) -> Option<ExitReason> {
        self.cell.cell().any().heed_signals()
    }

    /// Handles the first message that was left, as the server. `None`: there is none.
    pub(in crate::gen_server) async fn handle_next(
        &mut self,
        server: &mut S,
        cx: &mut Context<S>,
    ) -> Option<Result<(), ExitReason>> {
        let (mail, _) = self.waiting.0.pop_front()?;
        if let Mail::System(system) = &mail
            && self.cell.cell().any().meets_request(system)
        {
            // Nobody has given the state to the cell: of `sys` there is nothing to answer.
            return Some(self.cell.cell().any().serve(u32::MAX).map_or(Ok(()), Err));
        }
        let pid = cx.pid();
        let cell = self.cell.cell().any();
        let handled = {
            let mut handling = pin!(handle(cell, mail, server, cx));
            poll_fn(|task| {
                let _scope = current::enter(pid);
                let polled = guard::shielded(task, |task| handling.as_mut().poll(task));
                abandoned::notify(pid);
                polled
            })
            .await
        };
        cell.count();
        Some(handled)
    }
}

async fn handle<S: GenServer>(
    cell: &AnyCell,
    mail: Mail<S>,
    server: &mut S,
    cx: &mut Context<S>,
) -> Result<(), ExitReason> {
    if !S::WAITS || !mail.waits() || mail.blocks() {
        return catch(|| mail.handle_now(cell, server, cx)).and_then(std::convert::identity);
    }
    let (mail, _span) = if mail.has_span() {
        Mail::take_span::<ByValue>(mail, cell)
    } else {
        (mail, None)
    };
    Mail::handle::<ByValue>(mail, server, cx).await
}
