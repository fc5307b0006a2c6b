//! A call on its way: into the server in place, or into its mailbox and back through a slot.
//!
//! Only this depends on the request. What a call waits for depends on its reply (`waiting`), or on nothing (`watchdog`).

use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use crate::failed::Failed;
use crate::gen_server::cell::inline::CallOutcome;
use crate::gen_server::cell::mailbox::Pushed;
use crate::gen_server::cell::message::Mail;
use crate::gen_server::cell::state::Entry;
use crate::gen_server::client::room::{Blocked, BlockedMail};
use crate::gen_server::client::target::{Receiver, Target};
use crate::gen_server::client::waiting::Outstanding;
use crate::gen_server::deadline::{self, Deadline};
use crate::gen_server::large::is_large;
use crate::gen_server::{GenServer, Inline, Message, Mode, Request};
use crate::guard::{clear, discard};
use crate::process::Header;
use crate::process::address::Nobody;
use crate::process::current;
use crate::process::node;
use crate::process::pid::Pid;
use crate::reply::slot::Opened;
use crate::reply::{CallError, ReplyTo, cache};
use crate::rt;

/// A call, from its arguments to its reply.
pub(super) struct Outgoing<'a, Reply, R> {
    pub(super) timeout: Option<Duration>,
    /// What is still to be sent.
    pub(super) request: Option<R>,
    outstanding: Outstanding<'a, Reply>,
}

impl<Reply, R> Outgoing<'_, Reply, R> {
    #[inline]
    pub(super) const fn new(request: Option<R>, timeout: Option<Duration>) -> Self {
        Self {
            timeout,
            request,
            outstanding: Outstanding::Nothing,
        }
    }

    /// It is no part of a cycle of calls.
    pub(super) fn allow_cycle(&mut self) {
        if self.request.is_some() {
            self.outstanding = Outstanding::Allowed;
        }
    }

    /// The same call, of an owner of its own.
    pub(super) fn owned(self) -> Outgoing<'static, Reply, R> {
        let mut owned = Outgoing::new(self.request, self.timeout);
        if self.outstanding.is_allowed() {
            owned.allow_cycle();
        }
        owned
    }
}

impl<'a, Reply: Send + 'static, R> Outgoing<'a, Reply, R> {
    /// An error is boxed, so that a reply passes by in registers. What was not sent, or was refused, is left here.
    #[inline]
    pub(super) fn poll<S: GenServer>(
        &mut self,
        find: impl FnOnce() -> Result<Target<'a, S>, Nobody>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<Reply, Box<CallError>>>
    where
        R: Request<S, Reply = Reply>,
    {
        let mut guests = None;
        if self.request.is_some() {
            ready!(rt::poll_budget(cx));
            let target = match find() {
                Ok(target) => target,
                Err(nobody) => return Poll::Ready(Err(Box::new(nobody.into()))),
            };
            if const { is_large::<R>() || is_large::<Reply>() } {
                if let Err(error) = self.start_by_mailbox(&target) {
                    return Poll::Ready(Err(error));
                }
            } else if let Some(result) = self.start(&target, cx) {
                return Poll::Ready(result);
            }
            if rt::is_guest(cx) {
                guests = Some(target.pid());
            }
        }
        match self.outstanding.poll(self.timeout, cx) {
            Poll::Ready(Ok(reply)) => Poll::Ready(Ok(reply)),
            Poll::Ready(Err(error)) => Poll::Ready(Err(Box::new(error))),
            Poll::Pending => {
                if let Some(server) = guests {
                    make_way(server, cx);
                }
                Poll::Pending
            }
        }
    }

    /// Answers in place, or puts the call on its way. `None`: it is.
    #[inline]
    fn start<S: GenServer>(
        &mut self,
        target: &Target<'a, S>,
        cx: &TaskContext<'_>,
    ) -> Option<Result<Reply, Box<CallError>>>
    where
        R: Request<S, Reply = Reply>,
    {
        let inline = !matches!(S::OPTIONS.inline, Inline::Never);
        let in_place = match Way::to(target.header(), inline, self.timeout, cx) {
            Way::InPlace => true,
            Way::Mailbox => false,
            Way::Itself => return Some(Err(Box::new(CallError::CallingSelf))),
        };
        let answered = if in_place && const { matches!(R::MODE, Mode::Sync) } {
            match target.try_enter(Entry::Plain) {
                Some(entered) => {
                    if const { S::OPTIONS.deadlines } {
                        deadline::note(target.header(), self.timeout);
                    }
                    entered.answer(&mut self.request)
                }
                None => return self.send(target, true).err().map(Err),
            }
        } else if in_place && const { matches!(R::MODE, Mode::Async) } {
            match target.try_enter(Entry::Plain) {
                Some(entered) => {
                    if const { S::OPTIONS.deadlines } {
                        deadline::note(target.header(), self.timeout);
                    }
                    entered.begin(&mut self.request)
                }
                // The loop would enter it in the same way.
                None => return self.send(target, false).err().map(Err),
            }
        } else {
            return self.send(target, in_place).err().map(Err);
        };
        match answered {
            CallOutcome::Reply(reply) => return Some(Ok(reply)),
            CallOutcome::Exiting(reply) => {
                self.outstanding.end(target.erased(), reply, self.timeout);
            }
            CallOutcome::Waits(slot) => {
                self.outstanding.begun(target.erased(), slot);
            }
            CallOutcome::Refused => return self.send(target, false).err().map(Err),
        }
        None
    }

    /// Puts the call on its way where its arguments or its reply are large: its handler has a stack of its own.
    #[inline(never)]
    fn start_by_mailbox<S: GenServer>(
        &mut self,
        target: &Target<'a, S>,
    ) -> Result<(), Box<CallError>>
    where
        R: Request<S, Reply = Reply>,
    {
        if current::get().0 == Some(target.pid()) {
            return Err(Box::new(CallError::CallingSelf));
        }
        self.send(target, false)
    }

    /// Puts the call on its way: to the server loop in place if that may be, else into the mailbox.
    fn send<S: GenServer>(
        &mut self,
        target: &Target<'a, S>,
        in_place: bool,
    ) -> Result<(), Box<CallError>>
    where
        R: Request<S, Reply = Reply>,
    {
        let (slot, reply) = cache::open();
        let mut mail = self.mail::<S>(reply);
        let traced = target.is_traced();
        if traced {
            Mail::note_sender(&mut mail, target.header());
        }
        let by_loop = in_place && (matches!(R::MODE, Mode::Message) || traced);
        if const { S::OPTIONS.deadlines } {
            Mail::note_deadline(&mut mail, Deadline::of(&slot, self.timeout));
        }
        if const { matches!(R::MODE, Mode::Message) } {
            return self.send_given(target, mail, slot, by_loop);
        }
        match send(target, &mut mail, by_loop, self.timeout) {
            Sent::Queued(receiver) => self.outstanding.reply(receiver, slot),
            Sent::Blocked(room) => self.outstanding.room(room, slot),
            Sent::Closed => {
                self.outstanding.refused(Box::new(mail), slot);
                return Err(Box::new(CallError::NoProc));
            }
        }
        Ok(())
    }

    /// The same, where the handler is given the reply handle, and may be answered by anybody from then on.
    fn send_given<S: GenServer>(
        &mut self,
        target: &Target<'a, S>,
        mail: Option<Mail<S>>,
        slot: Opened<Reply>,
        by_loop: bool,
    ) -> Result<(), Box<CallError>>
    where
        R: Request<S, Reply = Reply>,
    {
        let mut mail = mail;
        let taken = Mail::note_taking(&mut mail).filter(|_| !self.outstanding.is_allowed());
        let sent = send(target, &mut mail, by_loop, self.timeout);
        match sent {
            Sent::Queued(receiver) => self.outstanding.reply(receiver, slot),
            Sent::Blocked(room) => self.outstanding.room(room, slot),
            Sent::Closed => {
                self.outstanding.refused(Box::new(mail), slot);
                return Err(Box::new(CallError::NoProc));
            }
        }
        self.outstanding.note_given(taken);
        Ok(())
    }

    /// As [`poll`](Self::poll), for a call that was refused before: it goes to the server that is there now, with the same slot
    /// for its reply.
    pub(super) fn poll_again<S: GenServer>(
        &mut self,
        find: impl FnOnce() -> Result<Target<'a, S>, Nobody>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<Reply, Box<CallError>>>
    where
        R: Request<S, Reply = Reply>,
    {
        if !self.outstanding.is_refused() {
            return self.poll(find, cx);
        }
        ready!(rt::poll_budget(cx));
        let target = match find() {
            Ok(target) => target,
            Err(nobody) => return Poll::Ready(Err(Box::new(nobody.into()))),
        };
        if let Some((mail, slot)) = self.outstanding.take_undelivered() {
            let mut mail = mail
                .downcast::<Option<Mail<S>>>()
                .map_or(None, |mail| *mail);
            match send(&target, &mut mail, false, self.timeout) {
                Sent::Queued(receiver) => self.outstanding.reply(receiver, slot),
                Sent::Blocked(room) => self.outstanding.room(room, slot),
                Sent::Closed => {
                    self.outstanding.refused(Box::new(mail), slot);
                    return Poll::Ready(Err(Box::new(CallError::NoProc)));
                }
            }
            // Who was asked first, and how, is not known any more.
            self.outstanding.note_given(None);
        }
        self.poll(|| Ok(target), cx)
    }

    /// Whether the server that a call has failed at has not got it.
    pub(super) fn is_undelivered(&self) -> bool {
        self.request.is_some() || self.outstanding.is_refused()
    }

    /// The call as a mail.
    #[inline]
    // `map` and its closure would be compiled for each call.
    #[allow(clippy::manual_map)]
    fn mail<S: GenServer>(&mut self, reply: ReplyTo<Reply>) -> Option<Mail<S>>
    where
        R: Request<S, Reply = Reply>,
    {
        match self.request.take() {
            Some(request) => Some(Mail::Message(Message::Call(request.into_call(reply)))),
            None => None,
        }
    }

    /// The call is over. Nobody wants back what was not sent, or was refused.
    #[cold]
    #[inline(never)]
    #[allow(clippy::boxed_local)] // It is unboxed here, out of line.
    pub(super) fn fail(&mut self, error: Box<CallError>) -> CallError {
        self.discard();
        *error
    }

    /// Nobody wants back what was not sent, or was refused.
    pub(super) fn discard(&mut self) {
        clear(&mut self.request);
        self.request = None;
        discard(self.outstanding.take_refused());
    }

    /// The call is over. What was not sent, or was refused, comes back in the error.
    #[cold]
    pub(super) fn fail_keeping<S: GenServer>(
        &mut self,
        error: CallError,
    ) -> Failed<CallError, R::Args>
    where
        R: Request<S, Reply = Reply>,
    {
        Failed::refused(error, self.take_back())
    }

    /// The arguments of a call that failed, if it was not sent or was refused.
    fn take_back<S: GenServer>(&mut self) -> Option<R::Args>
    where
        R: Request<S, Reply = Reply>,
    {
        let mail = match self.mail::<S>(ReplyTo::to_nobody()) {
            None => *self.outstanding.take_refused()?.downcast().ok()?,
            mail => mail,
        };
        match mail?.into_message() {
            Some(Message::Call(call)) => R::take_back(call),
            _ => None,
        }
    }
}

/// A guest's call has to wait. A handler that it has begun, its own or one that was queued before, may have left its waker with
/// this thread, which the guest keeps: the server polls it again.
#[cold]
#[inline(never)]
fn make_way(server: Pid, cx: &TaskContext<'_>) {
    if let Some(process) = node::process(server) {
        process.poll_again();
    }
    rt::make_way(cx);
}

/// How a message may go to a server.
enum Way {
    InPlace,
    Mailbox,
    /// The caller is the server.
    Itself,
}

impl Way {
    #[inline(always)]
    fn to(server: &Header, inline: bool, timeout: Option<Duration>, cx: &TaskContext<'_>) -> Self {
        let (me, room) = current::get();
        if me == Some(server.pid) {
            Self::Itself
        } else if inline
            && room.is_enough()
            && timeout != Some(Duration::ZERO)
            && rt::runs_on(server.node.runtime_id, cx)
        {
            Self::InPlace
        } else {
            Self::Mailbox
        }
    }
}

/// What became of a message.
enum Sent<'a> {
    /// It is in the mailbox; or the server loop has handled it in place, or has begun to.
    Queued(Receiver<'a>),
    Blocked(Box<dyn Blocked<'a> + 'a>),
    Closed,
}

/// Takes the message, unless the mailbox is closed.
#[inline(always)]
fn send<'a, S: GenServer>(
    target: &Target<'a, S>,
    message: &mut Option<Mail<S>>,
    in_place: bool,
    timeout: Option<Duration>,
) -> Sent<'a> {
    if in_place && let Some(entered) = target.try_enter(Entry::WithSpan) {
        match message.take() {
            Some(message) => entered.run_message(message),
            None => entered.leave(),
        }
        return Sent::Queued(target.erased());
    }
    match target.push(message) {
        Pushed::Queued => {
            target.note_mail();
            Sent::Queued(target.erased())
        }
        Pushed::Full => Sent::Blocked(BlockedMail::new(target.clone(), message.take(), timeout)),
        Pushed::Closed => Sent::Closed,
    }
}
