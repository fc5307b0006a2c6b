//! What handlers return to the core.

use crate::exit_reason::ExitReason;
use crate::gen_server::behaviour::GenServer;

/// What a handler that nobody waits for may return: `()`, or `Result<(), E>` where an `Err` is a crash.
#[diagnostic::on_unimplemented(
    message = "a handler that nobody waits for cannot return `{Self}`",
    label = "expected `()`, or `Result<(), E>` where `E` is an `Error`, a `Box<dyn Error + Send + Sync>`, a `String` or an `ExitReason`",
    note = "only a `#[call]` has somebody to answer; an `Err` from any other handler ends the server with that error",
    note = "page: docs/errors/T005.md"
)]
pub trait Outcome {
    /// The outcome as the core takes it.
    fn into_result(self) -> Result<(), ExitReason>;
}

#[diagnostic::do_not_recommend]
impl Outcome for () {
    #[inline]
    fn into_result(self) -> Result<(), ExitReason> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<E: Into<ExitReason>> Outcome for Result<(), E> {
    #[inline]
    fn into_result(self) -> Result<(), ExitReason> {
        self.map_err(Into::into)
    }
}

/// What `#[init]` may return for a server `S`: the state, or `Result<S, E>`.
#[diagnostic::on_unimplemented(
    message = "`#[init]` cannot return `{Self}`",
    label = "expected `Self`, or `Result<Self, E>` where `E` is an `Error`, a `Box<dyn Error + Send + Sync>`, a `String` or an `ExitReason`",
    note = "`#[init]` makes the server's state, `{S}`",
    note = "page: docs/errors/T004.md"
)]
pub trait IntoInit<S> {
    /// The state, or why there is none.
    fn into_init(self) -> Result<S, ExitReason>;
}

#[diagnostic::do_not_recommend]
impl<S: GenServer> IntoInit<S> for S {
    #[inline]
    fn into_init(self) -> Result<S, ExitReason> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<S: GenServer, E: Into<ExitReason>> IntoInit<S> for Result<S, E> {
    #[inline]
    fn into_init(self) -> Result<S, ExitReason> {
        self.map_err(Into::into)
    }
}
