//! `GenServer`: the behaviour of a server.

use std::fmt;
use std::future::Future;
use std::hash::Hash;

use crate::exit_reason::ExitReason;
use crate::gen_server::context::Context;
use crate::gen_server::described::Described;
use crate::gen_server::dispatch::{Message, Parcel};
use crate::gen_server::event::{Event, Hears};
use crate::gen_server::format_status::FormatStatus;
use crate::gen_server::handler::{Handler, HandlerCode};
use crate::gen_server::large::Carry;
use crate::gen_server::options::ServerOptions;
use crate::gen_server::report;
use crate::gen_server::server_ref::ServerRef;
use crate::process::monitor::Down;
use crate::process::name::Name;
use crate::process::pid::Pid;
use crate::registry::{Registry, UniqueKeys};

/// A generic server: state, and what it does with calls, casts and messages, one at a time.
///
/// `#[genserver]` on an impl block writes this implementation. Writing it by hand gives the same server without the
/// macro: an enum of calls whose variants carry a [`ReplyTo`](crate::ReplyTo), and an enum of casts. Five types have to be
/// named, of which two are nearly always the same: `Info` is [`NoMessage`](crate::NoMessage) where a server gets no other
/// messages, and `Client` is [`ServerRef<Self>`](ServerRef) where it has no client type of its own.
///
/// ```
/// use suptree::{Context, ExitReason, GenServer, NoMessage, ReplyTo, ServerRef};
///
/// struct Cache(Option<String>);
///
/// enum Call {
///     Get(ReplyTo<Option<String>>),
/// }
///
/// enum Cast {
///     Save(String),
/// }
///
/// impl GenServer for Cache {
///     type Args = ();
///     type Call = Call;
///     type Cast = Cast;
///     type Info = NoMessage;
///     type Client = ServerRef<Self>;
///
///     async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
///         Ok(Self(None))
///     }
///
///     async fn handle_call(&mut self, call: Call, _cx: &mut Context<Self>) -> Result<(), ExitReason> {
///         match call {
///             Call::Get(reply) => reply.send(self.0.clone()),
///         }
///         Ok(())
///     }
///
///     async fn handle_cast(&mut self, cast: Cast, _cx: &mut Context<Self>) -> Result<(), ExitReason> {
///         match cast {
///             Cast::Save(new) => self.0 = Some(new),
///         }
///         Ok(())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cache = suptree::start::<Cache>(()).await?;
/// cache.cast(Cast::Save("hola".into())).await?;
/// assert_eq!(cache.call_with(Call::Get).await?, Some("hola".into()));
/// # Ok(())
/// # }
/// ```
///
/// # Life cycle
///
/// [`init`](Self::init) makes the state; the starter waits for it. Then handlers run, one after the other, each holding
/// `&mut self` alone. [`terminate`](Self::terminate) runs when the server stops in order, crashes, or is shut down by its
/// parent while it traps exits or sets [`ServerOptions::graceful`]; never after a kill or a signal that was not trapped.
/// The state is dropped in every case.
///
/// A panic in a handler, or an `Err` it returns, is a crash: the server ends with that reason.
///
/// # Where handlers run
///
/// In the server's own task, or in place, in the task of a caller who finds the server idle. Either way
/// [`self_pid`](crate::self_pid), links and the context are the server's. So is the current `tracing` span, which is that of
/// the message, or of the callback, where somebody listened when the server started.
///
/// Follows [OTP's `gen_server`](https://www.erlang.org/doc/apps/stdlib/gen_server.html).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no server",
    label = "`#[genserver]` makes one of its own block",
    note = "help: write `#[genserver]` on the impl block with the handlers of `{Self}`; where its handlers are in parts, on one block that is none: `#[genserver(parts)] impl {Self} {{}}`",
    note = "page: docs/errors/T028.md"
)]
pub trait GenServer: Sized + Send + 'static {
    /// What `init` is given. A supervised server gets a clone of it at each start.
    type Args: Send + 'static;
    /// The calls: each carries the [`ReplyTo`](crate::ReplyTo) that its answer goes to. [`NoMessage`](crate::NoMessage) if
    /// there are none.
    type Call: Send + 'static;
    /// The casts. [`NoMessage`](crate::NoMessage) if there are none.
    type Cast: Send + 'static;
    /// Other messages. [`NoMessage`](crate::NoMessage) if there are none.
    type Info: Send + 'static;
    /// The client type; [`ServerRef<Self>`] unless there is a better one.
    type Client: From<ServerRef<Self>>
        + AsRef<ServerRef<Self>>
        + Clone
        + fmt::Debug
        + Send
        + Sync
        + 'static;

    /// How the server is run and supervised.
    const OPTIONS: ServerOptions = ServerOptions::new();

    /// The name to register under, before `init` runs. By default the server has none.
    fn name(args: &Self::Args) -> Option<Name> {
        let _ = args;
        None
    }

    /// Makes the state. The starter waits for it.
    ///
    /// An `Err` or a panic is a failed start: the starter gets the reason when the process is gone and its name free.
    fn init(
        args: Self::Args,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<Self, ExitReason>> + Send;

    /// Handles a call: replies by the [`ReplyTo`](crate::ReplyTo) in it, now or later. By default the server crashes, as in OTP.
    fn handle_call(
        &mut self,
        call: Self::Call,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        let _ = cx;
        let missing = missing_handler("handle_call", Self::message_name(&Message::Call(call)));
        async move { Err(missing) }
    }

    /// Handles a cast. By default the server crashes, as in OTP.
    fn handle_cast(
        &mut self,
        cast: Self::Cast,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        let _ = cx;
        let missing = missing_handler("handle_cast", Self::message_name(&Message::Cast(cast)));
        async move { Err(missing) }
    }

    /// Handles any other message. By default it is reported and dropped.
    fn handle_info(
        &mut self,
        info: Self::Info,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        let name = Self::message_name(&Message::Info(info));
        async move {
            report::unexpected_message(cx.header(), std::any::type_name::<Self>(), name);
            Ok(())
        }
    }

    /// Handles what a handler has the server [continue with](Context::continue_with), before anything that is queued. By default
    /// the server crashes, as in OTP.
    ///
    /// The messages are of the type of those that others send, which need not know them: `Info` may be an enum of which some are
    /// the server's own.
    fn handle_continue(
        &mut self,
        message: Self::Info,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        let _ = cx;
        let missing = missing_handler(
            "handle_continue",
            Self::message_name(&Message::Continue(message)),
        );
        async move { Err(missing) }
    }

    /// Handles the exit of another process, or an exit signal; only a server that traps exits gets it. OTP's `{'EXIT', From,
    /// Reason}`.
    ///
    /// `from` is the process that ended, or that called [`exit`](crate::exit). A signal from outside every process has a `from`
    /// with the [serial](Pid::serial) 0. The exit of the parent does not come here: it stops the server, and
    /// [`terminate`](Self::terminate) runs.
    ///
    /// By default it is reported and dropped.
    fn handle_exit(
        &mut self,
        from: Pid,
        reason: ExitReason,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        async move {
            report::unexpected_exit(cx.header(), std::any::type_name::<Self>(), from, &reason);
            Ok(())
        }
    }

    /// Handles the end of a process that the server [monitors](Context::monitor). OTP's `{'DOWN', Ref, process, Object, Reason}`.
    ///
    /// By default it is reported and dropped.
    fn handle_down(
        &mut self,
        down: Down,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        async move {
            report::unexpected_down(cx.header(), std::any::type_name::<Self>(), &down);
            Ok(())
        }
    }

    /// Runs when nothing has come for as long as a handler has said by [`Context::timeout`], or the option
    /// [`idle`](ServerOptions::idle). OTP's `timeout` message, which nobody else can send.
    ///
    /// By default it is reported and dropped.
    fn handle_timeout(
        &mut self,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        async move {
            report::unexpected_timeout(cx.header(), std::any::type_name::<Self>());
            Ok(())
        }
    }

    /// Gives back what the state does not need while nothing comes, when a handler has asked for that by [`Context::hibernate`]; by
    /// default nothing.
    ///
    /// It cannot wait. A panic here ends the server.
    fn hibernate(&mut self, cx: &mut Context<Self>) {
        let _ = cx;
    }

    /// Cleans up before the server ends, by default nothing. A panic here becomes the exit reason.
    ///
    /// When it runs is said [above](Self#life-cycle). It has the time that is left of the shutdown time; then the server is
    /// killed.
    fn terminate(
        &mut self,
        reason: &ExitReason,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = ()> + Send {
        let _ = (reason, cx);
        async {}
    }

    /// Changes what is shown of the server: in its crash report, by [`sys::get_status`](crate::sys::get_status), and in the
    /// events of [`sys`](crate::sys). For secrets, and for what is too long. By default it is shown as it is.
    ///
    /// It must not rely on anything but the state, which may be that of a server that has crashed. If it panics neither the state nor the
    /// message is shown.
    ///
    /// Follows [OTP's `format_status`](https://www.erlang.org/doc/apps/stdlib/gen_server.html#c:format_status/1).
    fn format_status(&self, status: &mut FormatStatus) {
        let _ = status;
    }

    /// The client of the server that is registered under this key in a [`Registry`]: of whichever it is when a call is made, as with
    /// a name. One can be started under it by [`Start::via`](crate::Start::via).
    ///
    /// Where nobody is registered, or a process that is no server of this type, a call gives
    /// [`CallError::NoProc`](crate::CallError::NoProc), and a cast [`CastError::NoProc`](crate::CastError::NoProc). It does not
    /// wait for a restart, as a name may.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::Registry;
    ///
    /// #[derive(Default)]
    /// struct Cache(Option<String>);
    ///
    /// #[genserver]
    /// impl Cache {
    ///     #[call]
    ///     fn get(&self) -> Option<String> {
    ///         self.0.clone()
    ///     }
    ///
    ///     #[cast]
    ///     fn save(&mut self, new: String) {
    ///         self.0 = Some(new);
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let caches = Registry::<_>::unique();
    /// assert_eq!(Cache::via(&caches, 7).get().await, Err(CallError::NoProc));
    ///
    /// Cache::start().via(&caches, 7).await?;
    /// Cache::via(&caches, 7).save("hola").await?;
    /// assert_eq!(Cache::via(&caches, 7).get().await?.as_deref(), Some("hola"));
    /// # Ok(()) }
    /// ```
    ///
    /// Follows [the via tuples of Elixir's `Registry`](https://hexdocs.pm/elixir/Registry.html#module-using-in-via).
    #[must_use]
    fn via<K, V, U>(registry: &Registry<K, V, U>, key: K) -> Self::Client
    where
        K: Hash + Eq + Send + Sync + 'static,
        V: Send + Sync + 'static,
        U: UniqueKeys,
    {
        ServerRef::via(registry, key).into()
    }

    // What follows is between the core and `#[genserver]`, and may change in any release.

    /// Whether a handler, one of an event, or [`terminate`](Self::terminate) may wait. Where none does,
    /// none has to be a future that is kept.
    #[doc(hidden)]
    const WAITS: bool = true;

    /// Whether a handler blocks. Where none does, nothing of the way for such is there.
    #[doc(hidden)]
    const BLOCKS: bool = false;

    /// Whether the handler of this message blocks: then it may wait as well, and goes to
    /// [`handle_message_now`](Self::handle_message_now) all the same, in a thread for such.
    #[doc(hidden)]
    fn message_blocks(message: &Message<Self>) -> bool {
        let _ = message;
        false
    }

    /// Which of the handlers of events there may be: the exit of another process, the end of one that is monitored, a timeout.
    #[doc(hidden)]
    const HEARS: Hears = Hears::ALL;

    /// Handles an event, by the callback for it.
    #[doc(hidden)]
    fn handle_event<C: Carry>(
        &mut self,
        event: Event,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        async move {
            match event {
                Event::Exit { from, reason } if const { Self::HEARS.exit } => {
                    C::begin_with(|| self.handle_exit(from, reason, cx)).await
                }
                Event::Down(down) if const { Self::HEARS.down } => {
                    C::begin_with(|| self.handle_down(down, cx)).await
                }
                Event::Timeout if const { Self::HEARS.timeout } => {
                    C::begin_with(|| self.handle_timeout(cx)).await
                }
                event => {
                    event.report(cx.header(), std::any::type_name::<Self>());
                    Ok(())
                }
            }
        }
    }

    /// Whether the handler of this message may wait: then it goes to [`handle_message`](Self::handle_message), else to
    /// [`handle_message_now`](Self::handle_message_now).
    #[doc(hidden)]
    fn message_waits(message: &Message<Self>) -> bool {
        let _ = message;
        true
    }

    /// Handles a message whose handler does not wait.
    #[doc(hidden)]
    fn handle_message_now(
        &mut self,
        message: Message<Self>,
        cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        let _ = (message, cx);
        unreachable!("a message is handled as `message_waits` says")
    }

    /// Handles a message, by the callback for it.
    #[doc(hidden)]
    fn handle_message<C: Carry>(
        &mut self,
        message: impl Parcel<Self>,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        async move {
            match message.look() {
                Message::Call(_) => {
                    C::begin_with(|| self.handle_call(message.open().into_call(), cx)).await
                }
                Message::Cast(_) => {
                    C::begin_with(|| self.handle_cast(message.open().into_cast(), cx)).await
                }
                Message::Info(_) => {
                    C::begin_with(|| self.handle_info(message.open().into_info(), cx)).await
                }
                Message::Continue(_) => {
                    C::begin_with(|| self.handle_continue(message.open().into_info(), cx)).await
                }
            }
        }
    }

    /// Cleans up before the server ends, without waiting. `false`: cleaning up may wait, and [`terminate`](Self::terminate)
    /// is called. A panic here becomes the exit reason.
    #[doc(hidden)]
    fn try_terminate(&mut self, reason: &ExitReason, cx: &mut Context<Self>) -> bool {
        let _ = (reason, cx);
        !Self::WAITS
    }

    /// The handlers, by name and place, for reports.
    #[doc(hidden)]
    const HANDLERS: &'static [Handler] = &[];

    /// Which handler the message is for, for reports.
    #[doc(hidden)]
    fn message_handler(message: &Message<Self>) -> HandlerCode {
        HandlerCode::unlisted(message.sort())
    }

    /// The name of its handler.
    #[doc(hidden)]
    fn message_name(message: &Message<Self>) -> &'static str {
        Self::message_handler(message).of(Self::HANDLERS).1.name
    }

    /// The message with its arguments, for the crash report of a server with [`ServerOptions::last_message`].
    #[doc(hidden)]
    fn describe_message(message: &Message<Self>) -> Described<'_> {
        Described::new(Self::message_name(message))
    }

    /// The state, for the crash report, where it can be shown.
    #[doc(hidden)]
    fn debug_state(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

#[cold]
fn missing_handler(callback: &str, message: &str) -> ExitReason {
    ExitReason::from(format!(
        "attempted to handle {message}, but there is no {callback} for it"
    ))
}
