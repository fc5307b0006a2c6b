//! How calls and casts are sent again that were not delivered.
//!
//! A message is delivered when it is in the mailbox of a server, or that server's handler has begun: then it is that incarnation's,
//! whatever becomes of it.

use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use crate::failed::Failed;
use crate::gen_server::cell::Cell;
use crate::gen_server::client::await_restart::{AwaitRestart, Resend, Undelivered};
use crate::gen_server::client::call::{Call, OwnedCall};
use crate::gen_server::client::cast::{Cast, OwnedCast};
use crate::gen_server::client::cast_error::CastError;
use crate::gen_server::client::target::Target;
use crate::gen_server::{GenServer, Request};
use crate::process::address::Address;
use crate::process::await_holder::is_starting;
use crate::process::name::Name;
use crate::reply::CallError;

fn finds_starting<S: GenServer>(server: &Address<Cell<S>>) -> bool {
    server.with(|found| found.is_some_and(|cell| is_starting(&**cell)))
}

macro_rules! calls {
    ($($call:ident<$($lifetime:lifetime)?>, $find:expr;)*) => {$(
        impl<$($lifetime,)? S: GenServer, R: Request<S>> $call<$($lifetime,)? R::Reply, S, R> {
            /// Waits for the next holder of the name while the one that held it is restarted, within the timeout of the call: also
            /// while its restart fails and is tried again, or waits for its [`Backoff`](crate::Backoff), and while supervisors
            /// above it are restarted. Where nobody is to return, because it has ended for good, was terminated, or its supervisor
            /// has given up, the call fails at once with [`CallError::NoProc`], as it does without this.
            ///
            /// A call is sent once. What was in a mailbox when its server died is not sent again, for the server may have begun
            /// to handle it: that call fails with [`CallError::Exited`], of a server that was killed with
            /// `Exited(ExitReason::Killed)`. What found nobody, or still waited for room in the
            /// mailbox, goes to the next holder. Those who wait are let go in the order in which they came.
            ///
            /// It is for clients by name, as `Cache::named()` gives them; another client's call is as without it. The timeout is set
            /// before it: `.timeout(..).await_restart()`, and `.keep_args()` comes last.
            ///
            /// ```
            /// # use std::time::Duration;
            /// use suptree::prelude::*;
            ///
            /// #[derive(Default)]
            /// struct Cache;
            ///
            /// #[genserver(name = "cache")]
            /// impl Cache {
            ///     #[call]
            ///     fn size(&self) -> usize {
            ///         0
            ///     }
            /// }
            ///
            /// supervisor! { App { strategy: one_for_one, children: [Cache { backoff: 100ms..10s }] } }
            ///
            /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// let app = App::start_link().await?;
            /// let end = app.cache().monitor();
            /// app.cache().kill();
            /// end.await;
            /// assert_eq!(Cache::named().size().await, Err(CallError::NoProc));
            /// assert_eq!(Cache::named().size().await_restart().await, Ok(0));
            ///
            /// let soon = Duration::from_millis(1);
            /// let end = app.cache().monitor();
            /// app.cache().kill();
            /// end.await;
            /// let late = Cache::named().size().timeout(soon).await_restart().await;
            /// assert_eq!(late, Err(CallError::NotRestarted));
            ///
            /// app.terminate_child("cache").await?;
            /// assert_eq!(Cache::named().size().await_restart().await, Err(CallError::NoProc));
            /// # Ok(()) }
            /// ```
            ///
            /// From the `init` of a sibling that is restarted with the holder, and before it, the call waits in vain: it is that
            /// `init` which the restart waits for. So it does from a handler or the `terminate` of one that is stopped for that
            /// restart, without limit; without a timeout of the call, until the supervisor is killed.
            ///
            /// # Errors
            ///
            /// [`CallError::NotRestarted`] when the time is over, and nobody holds the name yet.
            ///
            /// # Cancel safety
            ///
            /// Dropped while it waits for the restart, the call was not sent, and nothing of it is left.
            pub const fn await_restart(self) -> AwaitRestart<Self> {
                AwaitRestart::new(self)
            }
        }

        impl<$($lifetime,)? S: GenServer, R: Request<S>> Resend for $call<$($lifetime,)? R::Reply, S, R> {
            fn name(&self) -> Option<&Name> {
                self.server.name()
            }

            fn finds_starting(&self) -> bool {
                finds_starting(&self.server)
            }

            fn allowed(&mut self) -> &mut Option<Duration> {
                &mut self.outgoing.timeout
            }

            fn poll_send(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<R::Reply, CallError>> {
                let Self { server, outgoing } = self;
                let find = $find;
                let sent = ready!(outgoing.poll_again(|| find(server), cx));
                Poll::Ready(sent.map_err(|error| *error))
            }

            fn undelivered(&self, error: CallError) -> Result<Undelivered, CallError> {
                match error {
                    CallError::NoProc if self.outgoing.is_undelivered() => Ok(Undelivered::NoProc),
                    CallError::Exited(reason) if self.outgoing.is_undelivered() => Ok(Undelivered::Exited(reason)),
                    error => Err(error),
                }
            }

            fn failed(undelivered: Undelivered) -> CallError {
                match undelivered {
                    Undelivered::NoProc => CallError::NoProc,
                    Undelivered::Exited(reason) => CallError::Exited(reason),
                }
            }

            fn discard(&mut self) {
                self.outgoing.discard();
            }

            fn keep(&mut self, error: CallError) -> Failed<CallError, R::Args> {
                self.outgoing.fail_keeping::<S>(error)
            }

            fn not_restarted() -> CallError {
                CallError::NotRestarted
            }

            fn within(error: CallError, timeout: Duration) -> CallError {
                match error {
                    CallError::Timeout(_) => CallError::Timeout(timeout),
                    error => error,
                }
            }
        }
    )*};
}

calls! {
    Call<'a>, Target::find;
    OwnedCall<>, Target::resolve;
}

macro_rules! casts {
    ($($cast:ident<$($lifetime:lifetime)?>;)*) => {$(
        impl<$($lifetime,)? S: GenServer, A: Send + 'static> $cast<$($lifetime,)? S, A> {
            /// Waits for the next holder of the name while the one that held it is restarted, within the timeout of the cast: as
            /// [`Call::await_restart`](crate::Call::await_restart), which says for what it waits, and for what it does not.
            ///
            /// ```
            /// use suptree::prelude::*;
            ///
            /// #[derive(Default)]
            /// struct Log(Vec<String>);
            ///
            /// #[genserver(name = "log")]
            /// impl Log {
            ///     #[cast]
            ///     fn write(&mut self, line: String) {
            ///         self.0.push(line);
            ///     }
            ///
            ///     #[call]
            ///     fn lines(&self) -> usize {
            ///         self.0.len()
            ///     }
            /// }
            ///
            /// supervisor! { App { strategy: one_for_one, children: [Log] } }
            ///
            /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// let app = App::start_link().await?;
            /// let end = app.log().monitor();
            /// app.log().kill();
            /// end.await;
            /// Log::named().write("it is back").await_restart().await?;
            /// assert_eq!(Log::named().lines().await?, 1);
            /// # Ok(()) }
            /// ```
            ///
            /// # Errors
            ///
            /// [`CastError::NotRestarted`] when the time is over, and nobody holds the name yet.
            ///
            /// # Cancel safety
            ///
            /// Dropped while it waits for the restart, the cast was not sent, and nothing of it is left.
            pub const fn await_restart(self) -> AwaitRestart<Self> {
                AwaitRestart::new(self)
            }
        }

        impl<$($lifetime,)? S: GenServer, A: Send + 'static> Resend for $cast<$($lifetime,)? S, A> {
            fn name(&self) -> Option<&Name> {
                self.server.name()
            }

            fn finds_starting(&self) -> bool {
                finds_starting(&self.server)
            }

            fn allowed(&mut self) -> &mut Option<Duration> {
                &mut self.sending.post.timeout
            }

            fn poll_send(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), CastError>> {
                let Self { server, sending } = self;
                let sent = ready!(sending.post.poll(server, cx));
                if sent.is_err() {
                    sending.post.again();
                }
                Poll::Ready(sent)
            }

            fn undelivered(&self, error: CastError) -> Result<Undelivered, CastError> {
                match error {
                    CastError::NoProc => Ok(Undelivered::NoProc),
                    error => Err(error),
                }
            }

            fn failed(_undelivered: Undelivered) -> CastError {
                CastError::NoProc
            }

            fn discard(&mut self) {
                self.sending.post.discard_refused();
            }

            fn keep(&mut self, error: CastError) -> Failed<CastError, A> {
                let args = self.sending.way.back;
                Failed::refused(error, self.sending.post.args(args))
            }

            fn not_restarted() -> CastError {
                CastError::NotRestarted
            }

            fn within(error: CastError, timeout: Duration) -> CastError {
                match error {
                    CastError::Timeout(_) => CastError::Timeout(timeout),
                    error => error,
                }
            }
        }
    )*};
}

casts! {
    Cast<'a>;
    OwnedCast<>;
}
