//! `GenServer`: the behaviour of a server.

use std::fmt;
use std::future::Future;

use crate::exit_reason::ExitReason;
use crate::gen_server::context::Context;
use crate::gen_server::described::Described;
use crate::gen_server::options::ServerOptions;
use crate::gen_server::report;
use crate::gen_server::request::Tried;
use crate::gen_server::server_ref::ServerRef;
use crate::process::name::Name;
use crate::process::pid::Pid;

/// A generic server: state, and what it does with calls, casts and messages, one at a time.
///
/// `#[genserver]` on an impl block writes this implementation. Writing it by hand gives the same server without the
/// macro: an enum of calls whose variants carry a [`ReplyTo`], and an enum of casts.
///
/// # Life cycle
///
/// [`init`](Self::init) makes the state; the starter waits for it. Then handlers run, one after the other, each holding
/// `&mut self` alone. [`terminate`](Self::terminate) runs when the server stops in order, crashes, or is shut down by its
/// parent while it traps exits or sets [`ServerOptions::terminate`]; never after a kill or a signal that was not trapped.
/// The state is dropped in every case.
///
/// A panic in a handler, or an `Err` it returns, is a crash: the server ends with that reason.
///
/// # Where handlers run
///
/// In the server's own task, or in place, in the task of a caller who finds the server idle. Either way
/// [`self_pid`](crate::self_pid), links and the context are the server's. So is the current `tracing` span: one named
/// `server` with the fields `pid`, `name` and `server`, at the level INFO, if somebody listened when the server started.
///
/// Follows [OTP's `gen_server`](https://www.erlang.org/doc/apps/stdlib/gen_server.html).
pub trait GenServer: Sized + Send + 'static {
    /// What `init` is given. A supervised server starts from a clone of it each time.
    type Args: Send + 'static;
    /// The calls.
    type Call: Send + 'static;
    /// The casts.
    type Cast: Send + 'static;
    /// Other messages.
    type Info: Send + 'static;
    /// The client type; [`ServerRef<Self>`] unless there is a better one.
    type Client: From<ServerRef<Self>> + AsRef<ServerRef<Self>> + Clone + Send + Sync + 'static;

    /// How the server is run and supervised.
    const OPTIONS: ServerOptions = ServerOptions::new();

    /// The name to register under, before `init` runs.
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

    /// Handles a call: replies by the [`ReplyTo`] in it, now or later. By default the server crashes, as in OTP.
    fn handle_call(
        &mut self,
        call: Self::Call,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        let missing = missing_handler("handle_call", &Self::describe_call(&call));
        let _ = cx;
        drop(call);
        async move { Err(missing) }
    }

    /// Handles a cast. By default the server crashes, as in OTP.
    fn handle_cast(
        &mut self,
        cast: Self::Cast,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        let missing = missing_handler("handle_cast", &Self::describe_cast(&cast));
        let _ = cx;
        drop(cast);
        async move { Err(missing) }
    }

    /// Handles any other message. By default it is reported and dropped.
    fn handle_info(
        &mut self,
        info: Self::Info,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        let name = Self::describe_info(&info).to_string();
        drop(info);
        async move {
            report::unexpected_message(cx.header(), std::any::type_name::<Self>(), &name);
            Ok(())
        }
    }

    /// Handles a call whose handler does not wait, without making a future of it; any other comes back, and goes to
    /// [`handle_call`](Self::handle_call).
    fn try_handle_call(&mut self, call: Self::Call, cx: &mut Context<Self>) -> Tried<Self::Call> {
        let _ = cx;
        Tried::Waits(call)
    }

    /// As [`try_handle_call`](Self::try_handle_call), for casts.
    fn try_handle_cast(&mut self, cast: Self::Cast, cx: &mut Context<Self>) -> Tried<Self::Cast> {
        let _ = cx;
        Tried::Waits(cast)
    }

    /// As [`try_handle_call`](Self::try_handle_call), for other messages.
    fn try_handle_info(&mut self, info: Self::Info, cx: &mut Context<Self>) -> Tried<Self::Info> {
        let _ = cx;
        Tried::Waits(info)
    }

    /// Handles the exit of another process; only a server that traps exits gets it. OTP's `{'EXIT', From, Reason}`.
    ///
    /// By default it is reported and dropped.
    fn handle_exit(
        &mut self,
        from: Pid,
        reason: ExitReason,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> + Send {
        async move {
            report::unexpected_message(
                cx.header(),
                std::any::type_name::<Self>(),
                &format!("exit of {from}: {reason}"),
            );
            Ok(())
        }
    }

    /// Cleans up before the server ends, without waiting. `false`: cleaning up may wait, and [`terminate`](Self::terminate)
    /// is called. A panic here becomes the exit reason.
    fn try_terminate(&mut self, reason: &ExitReason, cx: &mut Context<Self>) -> bool {
        let _ = (reason, cx);
        false
    }

    /// Cleans up before the server ends. A panic here becomes the exit reason.
    fn terminate(
        &mut self,
        reason: &ExitReason,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = ()> + Send {
        let _ = (reason, cx);
        async {}
    }

    /// Which call it is, for reports.
    fn describe_call(call: &Self::Call) -> Described<'_> {
        let _ = call;
        Described::new("a call")
    }

    /// Which cast it is, for reports.
    fn describe_cast(cast: &Self::Cast) -> Described<'_> {
        let _ = cast;
        Described::new("a cast")
    }

    /// Which message it is, for reports.
    fn describe_info(info: &Self::Info) -> Described<'_> {
        let _ = info;
        Described::new("a message")
    }

    /// The state, for the crash report, where it can be shown.
    fn debug_state(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

#[cold]
fn missing_handler(callback: &str, message: &Described<'_>) -> ExitReason {
    ExitReason::from(format!(
        "attempted to handle {message}, but there is no {callback} for it"
    ))
}
