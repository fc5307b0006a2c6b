//! The scripted server: its calls, casts and messages carry closures that run in its handlers.

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use suptree::__private::{Handler, HandlerCode, Message};
use suptree::{
    Context, Down, ExitReason, GenServer, Inline, Mailbox, Name, Pid, ReplyTo, ServerOptions,
    ServerRef,
};

use super::Log;
use super::act::{self, Act, does_async};
use super::bomb::Token;

pub(crate) type Boxed<'a, R> = Pin<Box<dyn Future<Output = R> + Send + 'a>>;
pub(crate) type Cx<K> = Context<Probe<K>>;
pub(crate) type Server<K> = ServerRef<Probe<K>>;
pub(super) type Handled = Result<(), ExitReason>;
pub(super) type Now<K> = Box<dyn FnOnce(&mut Probe<K>, &mut Cx<K>) -> Handled + Send>;
pub(super) type Waits<K> =
    Box<dyn for<'a> FnOnce(&'a mut Probe<K>, &'a mut Cx<K>) -> Boxed<'a, Handled> + Send>;
type Init<K> =
    Arc<dyn for<'a> Fn(&'a mut Probe<K>, &'a mut Cx<K>) -> Boxed<'a, Handled> + Send + Sync>;
type Terminate<K> = Arc<
    dyn for<'a> Fn(&'a mut Probe<K>, &'a ExitReason, &'a mut Cx<K>) -> Boxed<'a, ()> + Send + Sync,
>;

/// How the handlers of a probe are written, which says in which way its requests are handled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handlers {
    /// A `fn` where nothing is waited for, an `async fn` otherwise: what most servers have.
    Mixed,
    /// All are `async fn`: a caller begins them in place.
    Async,
    /// All are arms of `handle_call`, `handle_cast` and `handle_info`: the server's loop polls them.
    ByLoop,
}

/// The options of a probe.
pub(crate) trait Kind: Send + Sync + 'static {
    const OPTIONS: ServerOptions;
    const HANDLERS: Handlers = Handlers::Mixed;
}

/// As [`Plain`], with calls that their callers begin.
pub(crate) struct Begun;

impl Kind for Begun {
    const OPTIONS: ServerOptions = ServerOptions::new();
    const HANDLERS: Handlers = Handlers::Async;
}

/// As [`Plain`], with calls that the server's loop handles.
pub(crate) struct ByLoop;

impl Kind for ByLoop {
    const OPTIONS: ServerOptions = ServerOptions::new();
    const HANDLERS: Handlers = Handlers::ByLoop;
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident = $options:expr;)*) => {$(
        $(#[doc = $doc])*
        pub(crate) struct $name;

        impl Kind for $name {
            const OPTIONS: ServerOptions = $options;
        }
    )*};
}

kinds! {
    Plain = ServerOptions::new();
    Queued = ServerOptions::new().inline(Inline::Never);
    Always = ServerOptions::new().inline(Inline::Always);
    Traps = ServerOptions::new().trap_exit(true);
    Graceful = ServerOptions::new().graceful(true);
    TrapAndTerminate = ServerOptions::new().trap_exit(true).graceful(true);
    Tiny = ServerOptions::new().mailbox(Mailbox::Bounded(1));
    Unbounded = ServerOptions::new().mailbox(Mailbox::Unbounded);
}

/// How a probe starts and ends. Every restart gets a clone.
pub(crate) struct Script<K: Kind> {
    pub(crate) id: &'static str,
    pub(crate) log: Log,
    name: Option<Name>,
    init: Option<Init<K>>,
    terminate: Option<Terminate<K>>,
}

impl<K: Kind> Script<K> {
    pub(crate) fn new(id: &'static str, log: &Log) -> Self {
        Self {
            id,
            log: log.clone(),
            name: None,
            init: None,
            terminate: None,
        }
    }

    pub(crate) fn named(mut self, name: impl Into<Name>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Runs in `init`, after it was logged.
    pub(crate) fn on_init(
        mut self,
        run: impl for<'a> Fn(&'a mut Probe<K>, &'a mut Cx<K>) -> Boxed<'a, Handled>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.init = Some(Arc::new(run));
        self
    }

    pub(crate) fn init_sleeps(self, time: Duration) -> Self {
        self.on_init(move |_, _| {
            Box::pin(async move {
                tokio::time::sleep(time).await;
                Ok(())
            })
        })
    }

    pub(crate) fn init_fails(self, reason: ExitReason) -> Self {
        self.on_init(move |_, _| {
            let reason = reason.clone();
            Box::pin(async move { Err(reason) })
        })
    }

    /// Runs in `terminate`, after it was logged.
    pub(crate) fn on_terminate(
        mut self,
        run: impl for<'a> Fn(&'a mut Probe<K>, &'a ExitReason, &'a mut Cx<K>) -> Boxed<'a, ()>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.terminate = Some(Arc::new(run));
        self
    }

    pub(crate) fn terminate_sleeps(self, time: Duration) -> Self {
        self.on_terminate(move |probe, _, _| {
            Box::pin(async move {
                tokio::time::sleep(time).await;
                probe.log(format!("{} terminated", probe.id()));
            })
        })
    }
}

impl<K: Kind> Clone for Script<K> {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            log: self.log.clone(),
            name: self.name.clone(),
            init: self.init.clone(),
            terminate: self.terminate.clone(),
        }
    }
}

/// The state.
pub(crate) struct Probe<K: Kind> {
    pub(super) script: Script<K>,
    pub(crate) n: i64,
    pub(crate) kept: Vec<ReplyTo<i64>>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) downs: Vec<Down>,
    /// Run by the next timeout, and by the next hibernation. In locks, for a probe is `Sync`.
    on_timeout: Mutex<Option<Act<K>>>,
    on_hibernate: Mutex<Option<Act<K>>>,
    pub(crate) debug: Option<Box<dyn fmt::Debug + Send + Sync>>,
}

impl<K: Kind> Probe<K> {
    pub(crate) fn log(&self, line: impl Into<String>) {
        self.script.log.push(line);
    }

    /// What the next timeout does.
    pub(crate) fn on_timeout(&mut self, act: Act<K>) {
        *self.on_timeout.get_mut().unwrap() = Some(act);
    }

    /// What the next hibernation does.
    pub(crate) fn on_hibernate(&mut self, act: Act<K>) {
        *self.on_hibernate.get_mut().unwrap() = Some(act);
    }

    pub(crate) fn log_count(&self, line: &str) -> usize {
        self.script.log.count(line)
    }

    pub(crate) fn script_log(&self) -> Log {
        self.script.log.clone()
    }

    /// The state of a probe that nobody started.
    pub(crate) fn spare(id: &'static str) -> Self {
        Self {
            script: Script::new(id, &Log::new()),
            n: 0,
            kept: Vec::new(),
            tokens: Vec::new(),
            debug: None,
            downs: Vec::new(),
            on_timeout: Mutex::new(None),
            on_hibernate: Mutex::new(None),
        }
    }

    pub(crate) const fn id(&self) -> &'static str {
        self.script.id
    }
}

impl<K: Kind> Drop for Probe<K> {
    fn drop(&mut self) {
        self.log(format!("{} drop", self.id()));
    }
}

impl<K: Kind> suptree::OnDemand for Probe<K> {
    type Given = suptree::Cloned;
}

impl<K: Kind> GenServer for Probe<K> {
    type Args = Script<K>;
    type Call = Act<K>;
    type Cast = Act<K>;
    type Info = Act<K>;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = K::OPTIONS;

    fn name(script: &Script<K>) -> Option<Name> {
        script.name.clone()
    }

    async fn init(script: Script<K>, cx: &mut Cx<K>) -> Result<Self, ExitReason> {
        let init = script.init.clone();
        let mut probe = Self {
            script,
            n: 0,
            kept: Vec::new(),
            tokens: Vec::new(),
            downs: Vec::new(),
            on_timeout: Mutex::new(None),
            on_hibernate: Mutex::new(None),
            debug: None,
        };
        probe.log(format!("{} init", probe.id()));
        if let Some(init) = init {
            init(&mut probe, cx).await?;
        }
        Ok(probe)
    }

    async fn handle_call(&mut self, call: Act<K>, cx: &mut Cx<K>) -> Handled {
        call.run(self, cx).await
    }

    async fn handle_cast(&mut self, cast: Act<K>, cx: &mut Cx<K>) -> Handled {
        cast.run(self, cx).await
    }

    async fn handle_info(&mut self, info: Act<K>, cx: &mut Cx<K>) -> Handled {
        info.run(self, cx).await
    }

    async fn handle_continue(&mut self, message: Act<K>, cx: &mut Cx<K>) -> Handled {
        message.run(self, cx).await
    }

    fn message_waits(message: &Message<Self>) -> bool {
        let (Message::Call(act) | Message::Cast(act) | Message::Info(act) | Message::Continue(act)) =
            message;
        act.waits_for_something()
    }

    fn handle_message_now(&mut self, message: Message<Self>, cx: &mut Cx<K>) -> Handled {
        let (Message::Call(act) | Message::Cast(act) | Message::Info(act) | Message::Continue(act)) =
            message;
        act.run_now(self, cx)
    }

    async fn handle_exit(&mut self, _from: Pid, reason: ExitReason, _cx: &mut Cx<K>) -> Handled {
        self.log(format!("{} exit {reason}", self.id()));
        Ok(())
    }

    async fn handle_down(&mut self, down: Down, _cx: &mut Cx<K>) -> Handled {
        self.log(format!("{} down {}", self.id(), down.reason));
        self.downs.push(down);
        Ok(())
    }

    async fn handle_timeout(&mut self, cx: &mut Cx<K>) -> Handled {
        self.log(format!("{} timeout", self.id()));
        let next = self.on_timeout.get_mut().unwrap().take();
        match next {
            Some(act) => act.run(self, cx).await,
            None => Ok(()),
        }
    }

    fn hibernate(&mut self, cx: &mut Cx<K>) {
        self.log(format!("{} hibernates", self.id()));
        let next = self.on_hibernate.get_mut().unwrap().take();
        if let Some(act) = next {
            let _no_error = act.run_now(self, cx);
        }
    }

    async fn terminate(&mut self, reason: &ExitReason, cx: &mut Cx<K>) {
        // Some tests have reasons that cannot be shown.
        let shown = catch_unwind(AssertUnwindSafe(|| reason.to_string())).unwrap_or_default();
        self.log(format!("{} terminate {shown}", self.id()));
        if let Some(terminate) = self.script.terminate.clone() {
            terminate(self, reason, cx).await;
        }
    }

    const HANDLERS: &'static [Handler] = act::HANDLERS;

    fn message_handler(message: &Message<Self>) -> HandlerCode {
        match message {
            Message::Call(act) => HandlerCode::call(act.handler()),
            Message::Cast(act) => HandlerCode::cast(act.handler()),
            Message::Info(act) => HandlerCode::info(act.handler()),
            Message::Continue(act) => HandlerCode::continuing(act.handler()),
        }
    }

    fn debug_state(&self) -> Option<&dyn fmt::Debug> {
        match &self.debug {
            Some(debug) => Some(debug),
            None => Some(&self.n),
        }
    }
}

/// Starts a probe without a parent.
pub(crate) async fn start<K: Kind>(id: &'static str, log: &Log) -> Server<K> {
    suptree::start::<Probe<K>>(Script::new(id, log))
        .await
        .unwrap()
}

/// Starts a probe from inside another, linked to it.
pub(crate) async fn start_link_from<K: Kind, P: Kind>(
    parent: &Server<P>,
    script: Script<K>,
) -> Server<K> {
    let starting = does_async(move |_: &mut Probe<P>, _: &mut Cx<P>| -> Boxed<'_, _> {
        Box::pin(async move { suptree::start_link::<Probe<K>>(script).await })
    });
    parent.call(starting).await.unwrap().unwrap()
}
