//! What a test has the scripted server do: closures as messages and as requests.

use std::marker::PhantomData;
use std::panic::Location;

use suptree::__private::{Handler, Mode};
use suptree::{Call, ExitReason, ReplyTo, Request, RequestMessage};
use tokio::sync::oneshot;

use super::probe::{Boxed, Cx, Handled, Handlers, Kind, Now, Probe, Server, Waits};

/// A message: what its handler does.
pub(crate) struct Act<K: Kind> {
    pub(super) name: &'static str,
    run: Run<K>,
}

enum Run<K: Kind> {
    Now(Now<K>),
    Waits(Waits<K>),
}

impl<K: Kind> Act<K> {
    pub(crate) fn now(
        name: &'static str,
        run: impl FnOnce(&mut Probe<K>, &mut Cx<K>) -> Handled + Send + 'static,
    ) -> Self {
        Self {
            name,
            run: Run::Now(Box::new(run)),
        }
    }

    pub(crate) fn waits(
        name: &'static str,
        run: impl for<'a> FnOnce(&'a mut Probe<K>, &'a mut Cx<K>) -> Boxed<'a, Handled> + Send + 'static,
    ) -> Self {
        Self {
            name,
            run: Run::Waits(Box::new(run)),
        }
    }

    pub(super) async fn run(self, probe: &mut Probe<K>, cx: &mut Cx<K>) -> Handled {
        match self.run {
            Run::Now(run) => run(probe, cx),
            Run::Waits(run) => run(probe, cx).await,
        }
    }

    /// Its handler, in the list of them.
    pub(super) fn handler(&self) -> u32 {
        let found = HANDLERS.iter().position(|it| it.name() == self.name);
        found
            .and_then(|at| u32::try_from(at).ok())
            .expect("a handler of the list")
    }

    pub(super) const fn waits_for_something(&self) -> bool {
        matches!(self.run, Run::Waits(_)) || !matches!(K::HANDLERS, Handlers::Mixed)
    }

    pub(super) fn run_now(self, probe: &mut Probe<K>, cx: &mut Cx<K>) -> Handled {
        match self.run {
            Run::Now(run) => run(probe, cx),
            Run::Waits(_) => unreachable!("it waits"),
        }
    }
}

/// A message whose handler does not wait.
pub(crate) fn act<K: Kind>(run: impl FnOnce(&mut Probe<K>, &mut Cx<K>) + Send + 'static) -> Act<K> {
    Act::now("act", move |probe, cx| {
        run(probe, cx);
        Ok(())
    })
}

/// A message whose handler waits.
pub(crate) fn act_async<K: Kind>(
    run: impl for<'a> FnOnce(&'a mut Probe<K>, &'a mut Cx<K>) -> Boxed<'a, ()> + Send + 'static,
) -> Act<K> {
    Act::waits("act_async", move |probe, cx| {
        Box::pin(async move {
            run(probe, cx).await;
            Ok(())
        })
    })
}

/// A message whose handler returns an error.
pub(crate) fn failing<K: Kind>(reason: ExitReason) -> Act<K> {
    Act::now("failing", move |_, _| Err(reason))
}

/// A message whose handler logs `started`, waits for the gate, and logs `done`.
pub(crate) fn gated<K: Kind>() -> (oneshot::Sender<()>, Act<K>) {
    let (open, gate) = oneshot::channel();
    let run = act_async(move |probe: &mut Probe<K>, _| {
        Box::pin(async move {
            probe.log("started");
            let _closed = gate.await;
            probe.log("done");
        })
    });
    (open, run)
}

/// What the handlers of a probe are called. That of a request first, and of one that waits.
pub(super) const HANDLERS: &[Handler] = &[
    named("does"),
    named("does_async"),
    named("act"),
    named("act_async"),
    named("failing"),
    named("fails"),
    named("long"),
];

const fn named(name: &'static str) -> Handler {
    Handler::at(name, Location::caller())
}

/// A request whose handler does not wait.
pub(crate) struct Does<K, F>(F, PhantomData<fn(K)>);

pub(crate) fn does<K: Kind, R, F: FnOnce(&mut Probe<K>, &mut Cx<K>) -> R>(run: F) -> Does<K, F> {
    Does(run, PhantomData)
}

impl<K, F, R> Request<Probe<K>> for Does<K, F>
where
    K: Kind,
    R: Send + 'static,
    F: FnOnce(&mut Probe<K>, &mut Cx<K>) -> R + Send + 'static,
{
    const MODE: Mode = match K::HANDLERS {
        Handlers::Mixed => Mode::Sync,
        Handlers::Async => Mode::Async,
        Handlers::ByLoop => Mode::Message,
    };

    fn handle(self, probe: &mut Probe<K>, cx: &mut Cx<K>) -> R {
        (self.0)(probe, cx)
    }

    async fn handle_async(self, probe: &mut Probe<K>, cx: &mut Cx<K>) -> R {
        (self.0)(probe, cx)
    }
}

impl<K, F, R> RequestMessage<Probe<K>> for Does<K, F>
where
    K: Kind,
    R: Send + 'static,
    F: FnOnce(&mut Probe<K>, &mut Cx<K>) -> R + Send + 'static,
{
    type Reply = R;
    type Args = Act<K>;
    const NUMBER: Option<u32> = Some(0);

    fn into_call(self, reply: ReplyTo<R>) -> Act<K> {
        Act::now("does", move |probe, cx| {
            let value = (self.0)(probe, cx);
            cx.reply(reply, value);
            Ok(())
        })
    }

    fn take_back(call: Act<K>) -> Option<Act<K>> {
        Some(call)
    }
}

/// A request whose handler waits.
pub(crate) struct DoesAsync<K, F, R>(F, PhantomData<fn(K) -> R>);

pub(crate) fn does_async<K: Kind, R, F>(run: F) -> DoesAsync<K, F, R>
where
    F: for<'a> FnOnce(&'a mut Probe<K>, &'a mut Cx<K>) -> Boxed<'a, R>,
{
    DoesAsync(run, PhantomData)
}

impl<K, F, R> Request<Probe<K>> for DoesAsync<K, F, R>
where
    K: Kind,
    R: Send + 'static,
    F: for<'a> FnOnce(&'a mut Probe<K>, &'a mut Cx<K>) -> Boxed<'a, R> + Send + 'static,
{
    const MODE: Mode = match K::HANDLERS {
        Handlers::Mixed | Handlers::Async => Mode::Async,
        Handlers::ByLoop => Mode::Message,
    };

    async fn handle_async(self, probe: &mut Probe<K>, cx: &mut Cx<K>) -> R {
        (self.0)(probe, cx).await
    }
}

impl<K, F, R> RequestMessage<Probe<K>> for DoesAsync<K, F, R>
where
    K: Kind,
    R: Send + 'static,
    F: for<'a> FnOnce(&'a mut Probe<K>, &'a mut Cx<K>) -> Boxed<'a, R> + Send + 'static,
{
    type Reply = R;
    type Args = Act<K>;
    const NUMBER: Option<u32> = Some(1);

    fn into_call(self, reply: ReplyTo<R>) -> Act<K> {
        Act::waits("does_async", move |probe, cx| {
            Box::pin(async move {
                let value = (self.0)(probe, cx).await;
                cx.reply(reply, value);
                Ok(())
            })
        })
    }

    fn take_back(call: Act<K>) -> Option<Act<K>> {
        Some(call)
    }
}

/// A call whose handler gets the reply handle.
pub(crate) fn asks<K: Kind, R: Send + 'static>(
    server: &Server<K>,
    run: impl FnOnce(&mut Probe<K>, &mut Cx<K>, ReplyTo<R>) + Send + 'static,
) -> Call<'_, R, Probe<K>, impl Request<Probe<K>, Reply = R, Args = Act<K>>> {
    server.call_with(|reply| act(move |probe, cx| run(probe, cx, reply)))
}

/// A call whose reply handle the state keeps.
pub(crate) fn kept<K: Kind>(
    server: &Server<K>,
) -> Call<'_, i64, Probe<K>, impl Request<Probe<K>, Reply = i64, Args = Act<K>>> {
    asks(server, |probe, _, reply| probe.kept.push(reply))
}

/// The number in the state.
pub(crate) fn get<K: Kind>() -> impl Request<Probe<K>, Reply = i64, Args = Act<K>> {
    does(|probe: &mut Probe<K>, _: &mut Cx<K>| probe.n)
}

/// Adds to the number in the state.
pub(crate) fn add<K: Kind>(number: i64) -> impl Request<Probe<K>, Reply = i64, Args = Act<K>> {
    does(move |probe: &mut Probe<K>, _: &mut Cx<K>| {
        probe.n += number;
        probe.n
    })
}
