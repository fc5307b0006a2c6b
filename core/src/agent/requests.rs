//! What an agent is asked: a closure, which a caller who finds the agent idle runs in place, and which is boxed for the queue.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

use crate::agent::Agent;
use crate::agent::work::{AgentMessage, Method, Work};
use crate::gen_server::{Context, Message, Mode, Request, RequestMessage};
use crate::reply::ReplyTo;

/// A read: what [`AgentClient::get`](crate::AgentClient::get) asks. It comes up in the type of that call only.
pub struct Get<F, R>(F, PhantomData<fn() -> R>);

/// A change: what [`AgentClient::update`](crate::AgentClient::update) and
/// [`get_and_update`](crate::AgentClient::get_and_update) ask. It comes up in the types of these calls only.
pub struct Update<F, R>(F, PhantomData<fn() -> R>);

impl<F, R> Get<F, R> {
    pub(super) const fn new(get: F) -> Self {
        Self(get, PhantomData)
    }
}

impl<F, R> Update<F, R> {
    pub(super) const fn new(update: F) -> Self {
        Self(update, PhantomData)
    }
}

impl<F, R> fmt::Debug for Get<F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Get").finish_non_exhaustive()
    }
}

impl<F, R> fmt::Debug for Update<F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update").finish_non_exhaustive()
    }
}

/// A call in the queue: its request, and where the answer goes.
struct Asked<Q, R>(Q, ReplyTo<R>);

impl<T, Q> Work<Agent<T>> for Asked<Q, Q::Reply>
where
    T: Send + 'static,
    Q: Request<Agent<T>>,
{
    fn run(self: Box<Self>, agent: &mut Agent<T>, cx: &mut Context<Agent<T>>) {
        let Self(request, reply) = *self;
        let answer = request.handle(agent, cx);
        cx.reply(reply, answer);
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        Box::new(self.0)
    }
}

/// The request of a call that is not sent.
fn taken_back<T: Send + 'static, Q: 'static>(call: AgentMessage<Agent<T>>) -> Option<Q> {
    let request = call.0.into_any().downcast::<Q>();
    request.ok().map(|request| *request)
}

impl<T, F, R> Request<Agent<T>> for Get<F, R>
where
    T: Send + 'static,
    R: Send + 'static,
    F: FnOnce(&T) -> R + Send + 'static,
{
    const MODE: Mode = Mode::Sync;

    #[inline]
    fn handle(self, agent: &mut Agent<T>, _cx: &mut Context<Agent<T>>) -> R {
        (self.0)(&agent.0)
    }
}

impl<T, F, R> RequestMessage<Agent<T>> for Get<F, R>
where
    T: Send + 'static,
    R: Send + 'static,
    F: FnOnce(&T) -> R + Send + 'static,
{
    type Reply = R;
    /// The closure.
    type Args = F;

    const NUMBER: Option<u32> = Some(Method::Get as u32);

    fn into_call(self, reply: ReplyTo<R>) -> AgentMessage<Agent<T>> {
        AgentMessage(Box::new(Asked(self, reply)), Method::Get)
    }

    fn take_back(call: AgentMessage<Agent<T>>) -> Option<F> {
        taken_back::<T, Self>(call).map(|request| request.0)
    }
}

impl<T, F, R> Request<Agent<T>> for Update<F, R>
where
    T: Send + 'static,
    R: Send + 'static,
    F: FnOnce(&mut T) -> R + Send + 'static,
{
    const MODE: Mode = Mode::Sync;

    #[inline]
    fn handle(self, agent: &mut Agent<T>, _cx: &mut Context<Agent<T>>) -> R {
        (self.0)(&mut agent.0)
    }
}

impl<T, F, R> RequestMessage<Agent<T>> for Update<F, R>
where
    T: Send + 'static,
    R: Send + 'static,
    F: FnOnce(&mut T) -> R + Send + 'static,
{
    type Reply = R;
    /// The closure.
    type Args = F;

    const NUMBER: Option<u32> = Some(Method::Update as u32);

    fn into_call(self, reply: ReplyTo<R>) -> AgentMessage<Agent<T>> {
        AgentMessage(Box::new(Asked(self, reply)), Method::Update)
    }

    fn take_back(call: AgentMessage<Agent<T>>) -> Option<F> {
        taken_back::<T, Self>(call).map(|request| request.0)
    }
}

/// A cast in the queue.
struct Told<F>(F);

impl<T, F> Work<Agent<T>> for Told<F>
where
    T: Send + 'static,
    F: FnOnce(&mut T) + Send + 'static,
{
    fn run(self: Box<Self>, agent: &mut Agent<T>, _cx: &mut Context<Agent<T>>) {
        (self.0)(&mut agent.0);
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        Box::new(self.0)
    }
}

/// A closure as a cast.
pub(super) fn cast<T, F>(update: F) -> Message<Agent<T>>
where
    T: Send + 'static,
    F: FnOnce(&mut T) + Send + 'static,
{
    Message::Cast(AgentMessage(Box::new(Told(update)), Method::Cast))
}

/// The closure of a cast that is not sent.
pub(super) fn uncast<T: Send + 'static, F: 'static>(message: Message<Agent<T>>) -> Option<F> {
    match message {
        Message::Cast(cast) => {
            let update = cast.0.into_any().downcast::<F>();
            update.ok().map(|update| *update)
        }
        Message::Call(_) | Message::Info(_) | Message::Continue(_) => None,
    }
}
