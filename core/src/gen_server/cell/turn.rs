//! One turn of a server: messages up to a number, or the handler that waited, or one call.

use std::task::{Poll, Waker};

use super::batch::drop_each;
use super::core::Core;
use super::handling::Step;
use super::instance::Kept;
use super::job::Job;
use super::message::{Mail, System};
use super::messages::Halt;
use super::task;
use super::{AnyBody, AnyCell, Body, Cause, Turn};
use crate::exit_reason::ExitReason;
use crate::gen_server::format_status::Shown;
use crate::gen_server::handler::{Handler, HandlerCode};
use crate::gen_server::large::{ByPointer, ByValue, Carry};
use crate::gen_server::{Full, GenServer, Inline, ServerOptions};
use crate::guard::discard;
use crate::interrupt;
use crate::planted::{Bug, planted};
use crate::process::caller::Caller;
use crate::process::current;
use crate::rt::{self, Instant};
use crate::sync::lock;
use crate::trace::GuardedSpan;

impl<S: GenServer> AnyBody for Body<S> {
    fn options(&self) -> &'static ServerOptions {
        &const { S::OPTIONS }
    }

    fn type_name(&self) -> &'static str {
        std::any::type_name::<S>()
    }

    fn handlers(&self) -> &'static [Handler] {
        S::HANDLERS
    }

    fn handle_messages(&self, cell: &AnyCell, most: u32) -> Turn {
        let core = &mut *lock(&self.core);
        let _scope = current::enter(cell.pid());
        if const { Self::BY_POINTER } {
            self.messages::<ByPointer>(core, cell, most)
        } else {
            self.messages::<ByValue>(core, cell, most)
        }
    }

    fn note_slow(&self, cell: &AnyCell, start: Instant) {
        if matches!(S::OPTIONS.inline, Inline::Auto) {
            lock(&self.core).tempo.sample(&cell.state, start);
        }
    }

    fn resume(&self, cell: &AnyCell) -> Turn {
        let core = &mut *lock(&self.core);
        let _scope = current::enter(cell.pid());
        // The server is to terminate, and its handler waits: it is in the way.
        let interrupted = core.terminates.reason.clone().map(interrupt::ask);
        let step = if const { Self::BY_POINTER } {
            self.poll_job::<ByPointer>(core, cell, None)
        } else {
            self.poll_job::<ByValue>(core, cell, None)
        };
        drop(interrupted);
        alone(core, step)
    }

    fn terminate_next(&self, cell: &AnyCell, reason: ExitReason, cause: Cause) {
        let core = &mut *lock(&self.core);
        core.terminates.set(cell.pid(), reason);
        match cause {
            Cause::Request => {
                cell.doing.begin(HandlerCode::STOP);
                if let Some(instance) = &mut core.instance {
                    instance.get_mut().last.forget();
                }
            }
            Cause::Call(caller) => core.terminates.client = Some(caller),
            Cause::Itself => {}
        }
    }

    fn try_stop(&self, cell: &AnyCell, reason: &ExitReason) -> Option<ExitReason> {
        let core = &mut *lock(&self.core);
        let instance = core.instance.as_mut()?.get_mut();
        cell.doing.begin(HandlerCode::STOP);
        instance.last.forget();
        if cell.is_signalled() {
            return None;
        }
        cell.doing.terminate();
        let _scope = current::enter(cell.pid());
        instance.try_terminate(reason, &mut core.span)
    }

    fn push_system(&self, message: System) -> bool {
        self.mailbox.push_system(Mail::System(Box::new(message)))
    }

    fn mailbox_len(&self) -> usize {
        self.mailbox.len()
    }

    fn close_mailbox(&self) {
        self.mailbox.close();
    }

    fn drop_unread(&self) {
        self.mailbox.drop_unread();
    }

    fn holds_nothing(&self) -> bool {
        let core = lock(&self.core);
        let stateless = !std::mem::needs_drop::<S>() || core.instance.is_none();
        stateless && core.is_bare() && self.mailbox.len() == 0
    }

    fn drop_contents(&self) {
        // Taken out under the lock, dropped outside it. The handler first: it may have the state, and ends before it.
        let mut core = lock(&self.core);
        let handlings = core.handlings.take();
        let batch = core.batch.take_unread();
        let instance = core.instance.take();
        let core_span = core.span.take();
        let waker = core.waker.take();
        let terminates = core.terminates.take();
        drop(core);
        if let Some(handlings) = handlings {
            discard(handlings);
        }
        if let Some(unread) = batch {
            drop_each(unread);
        }
        drop(core_span);
        discard(instance);
        drop(waker);
        // It may hold a user's error, and callers' wakers.
        if let Some(terminates) = terminates {
            discard(terminates);
        }
    }

    fn shown(&self, cell: &AnyCell) -> Shown {
        let core = lock(&self.core);
        let Some(instance) = &core.instance else {
            return Shown::default();
        };
        let instance = instance.get();
        let _scope = current::enter(cell.pid());
        let last = cell.doing.last();
        Shown {
            status: instance.shown(instance.last.shown(last, S::HANDLERS)),
            client: core.terminates.client_of(last),
        }
    }
}

/// What a turn for one job ended with.
fn alone<S: GenServer>(core: &Core<S>, step: Poll<Step>) -> Turn {
    match step {
        Poll::Pending => Turn::Waits { more: false },
        Poll::Ready(Step::Done) if core.terminates.reason.is_some() => Turn::More,
        Poll::Ready(Step::Done) => Turn::Idle,
        Poll::Ready(Step::Exited(reason)) => Turn::Exited(reason),
    }
}

impl<S: GenServer> Body<S> {
    fn messages<C: Carry>(&self, core: &mut Core<S>, cell: &AnyCell, most: u32) -> Turn {
        if let Some(reason) = core.terminates.reason.take() {
            return self.terminate::<C>(core, cell, reason);
        }
        let mut most = most;
        let mut looked = false;
        loop {
            if core.batch.is_empty() {
                // Anyone who queues something says so in the state, which was cleared before the look into the mailbox:
                // nothing there, nothing to lock for.
                if looked {
                    if !cell.state.snapshot().has_mail() {
                        self.mailbox.flush(Self::BOUND, &mut core.batch);
                        return Turn::Idle;
                    }
                    if !planted(Bug::MailNotedAfterLook) {
                        cell.state.take_mail();
                    }
                }
                looked = true;
                let taken = if const { matches!(S::OPTIONS.full, Full::DropOldest) } {
                    self.take_one(cell, &mut core.batch)
                } else {
                    self.mailbox.take(Self::BOUND, &mut core.batch)
                };
                if planted(Bug::MailNotedAfterLook) {
                    cell.state.take_mail();
                }
                if !taken {
                    return Turn::Idle;
                }
                // A signal that was sent before a message was noted before it: it comes first.
                if cell.is_signalled() && !planted(Bug::SignalsUnseenAfterTake) {
                    return Turn::More;
                }
            }
            match self.handle_sync::<C>(core, cell, None, &mut most) {
                Halt::Empty => {}
                Halt::Signal | Halt::Spent => return Turn::More,
                Halt::Exits(reason) => return self.exits::<C>(core, cell, reason),
                Halt::Waits(message, start) => {
                    if const { S::BLOCKS } && C::look(&message).blocks() {
                        return self.block::<C>(core, message);
                    }
                    match self.take_up::<C>(core, cell, message, start) {
                        Poll::Ready(Step::Done) => {}
                        Poll::Pending => {
                            // Not looked: what is in the mailbox is noted nowhere.
                            let more = !looked || !core.batch.is_empty();
                            return Turn::Waits { more };
                        }
                        Poll::Ready(Step::Exited(reason)) => return Turn::Exited(reason),
                    }
                    most -= 1;
                    if most == 0 || core.terminates.reason.is_some() || cell.is_signalled() {
                        return Turn::More;
                    }
                }
            }
        }
    }

    /// Handles the call of a caller who came with it. Nothing is queued that came before it.
    pub(super) fn handle_call<C: Carry>(&self, cell: &AnyCell, call: C::Message<Mail<S>>) -> Turn {
        let core = &mut *lock(&self.core);
        // It has not waited yet: nobody else knows it.
        let caller = Caller::here();
        let _scope = current::enter(cell.pid());
        match self.handle_sync::<C>(core, cell, Some(call), &mut 1) {
            Halt::Empty | Halt::Signal | Halt::Spent => Turn::Idle,
            Halt::Exits(reason) => {
                core.terminates.client = Some(caller);
                self.exits::<C>(core, cell, reason)
            }
            Halt::Waits(message, start) => {
                if const { S::BLOCKS } && C::look(&message).blocks() {
                    return self.block::<C>(core, message);
                }
                let step = self.take_up::<C>(core, cell, message, start);
                if core.terminates.reason.is_some() {
                    core.terminates.client = Some(caller);
                }
                alone(core, step)
            }
        }
    }

    /// A handler ends the server: a signal that waits comes first, then `terminate`.
    #[cold]
    fn exits<C: Carry>(&self, core: &mut Core<S>, cell: &AnyCell, reason: ExitReason) -> Turn {
        cell.count();
        core.terminates.set(cell.pid(), reason);
        if cell.is_signalled() {
            return Turn::More;
        }
        match core.terminates.reason.take() {
            Some(reason) => self.terminate::<C>(core, cell, reason),
            None => Turn::More,
        }
    }

    #[cold]
    fn terminate<C: Carry>(&self, core: &mut Core<S>, cell: &AnyCell, reason: ExitReason) -> Turn {
        cell.doing.terminate();
        if let Some(instance) = core.instance.as_mut()
            && let Some(ended) = instance.get_mut().try_terminate(&reason, &mut core.span)
        {
            return Turn::Exited(ended);
        }
        match self.poll_job::<C>(core, cell, Some(Job::Terminate(reason))) {
            Poll::Ready(Step::Done) => Turn::Idle,
            Poll::Pending => Turn::Waits { more: true },
            Poll::Ready(Step::Exited(reason)) => Turn::Exited(reason),
        }
    }

    /// Takes up a message whose handler may wait.
    fn take_up<C: Carry>(
        &self,
        core: &mut Core<S>,
        cell: &AnyCell,
        message: C::Message<Mail<S>>,
        start: Option<Instant>,
    ) -> Poll<Step> {
        let message = if C::look(&message).has_span() {
            let (message, span) = Mail::take_span::<C>(message, cell);
            core.span = span;
            message
        } else {
            message
        };
        let step = self.poll_job::<C>(core, cell, Some(Job::Handle(message)));
        if let Some(start) = start {
            core.tempo.sample(&cell.state, start);
        }
        step
    }

    /// Takes up a job that may wait, or goes on with the one that has the state; as the cell, no matter who polls.
    fn poll_job<C: Carry>(
        &self,
        core: &mut Core<S>,
        cell: &AnyCell,
        job: Option<Job<C::Message<Mail<S>>>>,
    ) -> Poll<Step> {
        // What a job needs is not instantiated for a server in which nothing waits.
        if S::WAITS {
            self.poll_waiting::<C>(core, cell, job)
        } else {
            unreachable!("a server waits that has nothing to wait for")
        }
    }

    fn poll_waiting<C: Carry>(
        &self,
        core: &mut Core<S>,
        cell: &AnyCell,
        job: Option<Job<C::Message<Mail<S>>>>,
    ) -> Poll<Step> {
        let Some(waker) = take_waker(core) else {
            return Poll::Pending;
        };
        let span = core.span.take();
        let entered = span.as_deref().map(GuardedSpan::enter);
        let polled = rt::poll_handler(&waker, |cx| core.poll_handling::<C>(cell.pid(), job, cx));
        drop(entered);
        core.waker = Some(waker);
        if polled.is_pending() {
            core.span = span;
        }
        match &polled {
            Poll::Pending => self.mailbox.flush(Self::BOUND, &mut core.batch),
            Poll::Ready(Step::Done) => {
                cell.count();
                // A stop is taken up by the job.
                if core.terminates.reason.is_none()
                    && let Some(instance) = core.instance.as_mut().map(Kept::get_mut)
                    && instance.cx.has_asked()
                {
                    let _none = cell.take_asked(&mut instance.cx.asked, &mut core.batch);
                }
            }
            Poll::Ready(Step::Exited(_)) => {}
        }
        polled
    }
}

/// The waker that handlers see, made for the first that may wait. `None`: there is no server left.
#[inline(always)]
pub(super) fn take_waker<S: GenServer>(core: &mut Core<S>) -> Option<Waker> {
    if core.waker.is_none() {
        make_waker(core);
    }
    core.waker.take()
}

#[cold]
#[inline(never)]
fn make_waker<S: GenServer>(core: &mut Core<S>) {
    if let Some(instance) = &core.instance
        && let Ok(cell) = instance.get().cx.process().downcast()
    {
        core.waker = Some(task::waker::<S>(cell));
    }
}
