//! What a task may end with.

use self::sealed::{Never, Sealed};
use crate::exit_reason::ExitReason;

/// What the future of a task may give: `()`, or a `Result` whose `Err` is a crash with that error; or `!`, where it loops for ever.
///
/// ```
/// use suptree::ChildSpec;
///
/// // Each end is an exit: `Normal`, an error, and none by itself.
/// let done = ChildSpec::task("done", || async {});
/// let fails = ChildSpec::task("fails", || async { Err::<(), _>("no more") });
/// let ticks = ChildSpec::task("ticks", || async { loop { tokio::task::yield_now().await } });
/// # drop((done, fails, ticks));
/// ```
///
/// It cannot be implemented by hand: an error of any type is said by a `Result`.
#[diagnostic::on_unimplemented(
    message = "a task cannot end with `{Self}`",
    label = "expected `()`, or `Result<(), E>` where `E` is an `Error`, a `Box<dyn Error + Send + Sync>`, a `String` or an `ExitReason`",
    note = "nobody gets the value of a task in a supervisor: let it send what it has found to a server",
    note = "page: docs/errors/T016.md"
)]
pub trait TaskOutput: Sealed {
    /// Why the task has ended.
    #[doc(hidden)]
    fn into_exit_reason(self) -> ExitReason;
}

#[diagnostic::do_not_recommend]
impl TaskOutput for () {
    fn into_exit_reason(self) -> ExitReason {
        ExitReason::Normal
    }
}

#[diagnostic::do_not_recommend]
impl<T: TaskOutput, E: Into<ExitReason>> TaskOutput for Result<T, E> {
    fn into_exit_reason(self) -> ExitReason {
        match self {
            Ok(output) => output.into_exit_reason(),
            Err(error) => error.into(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl TaskOutput for Never {
    fn into_exit_reason(self) -> ExitReason {
        self
    }
}

mod sealed {
    /// What a function gives that never returns: `!`, which has no name of its own yet.
    pub(super) type Never = <fn() -> ! as Returns>::Output;

    /// A function.
    pub trait Returns {
        type Output;
    }

    impl<T> Returns for fn() -> T {
        type Output = T;
    }

    pub trait Sealed {}

    impl Sealed for () {}

    impl<T: Sealed, E> Sealed for Result<T, E> {}

    impl Sealed for Never {}
}
