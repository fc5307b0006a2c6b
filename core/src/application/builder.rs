//! `Application`: what a program runs, and what is to be done around that.

use std::fmt;
use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use super::part::{AnyPart, Part};
use super::program;
use crate::child::Restart;
use crate::rt;
use crate::supervisor::Supervisor;
use crate::task::TaskOutput;

/// How long an ordered shutdown may take: less than the 30 s that Kubernetes gives.
const LIMIT: Duration = Duration::from_secs(25);

/// Runs a supervisor as the application of a program. Every supervisor can.
///
/// ```no_run
/// use std::process::ExitCode;
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Cache;
///
/// #[genserver]
/// impl Cache {}
///
/// supervisor! { App { strategy: one_for_one, children: [Cache] } }
///
/// fn main() -> ExitCode {
///     App::run(())
/// }
/// ```
///
/// The arguments are one value, as the parameters of the supervisor are declared, and nothing is converted: none are `()`, one is given as it is,
/// as in `App::run(config)`, and several are a tuple, as in `App::run((config, "db".to_owned()))`.
///
/// The prelude has it, without its name.
pub trait Run: Supervisor {
    /// Starts the supervisor on a multi-threaded runtime of its own, with two threads at least, and runs until it ends or the program is told to stop: by Ctrl-C, or by
    /// SIGTERM. Then it is stopped in order: children in the reverse of their start order, each with its shutdown time, and all of
    /// it within 25 s. A second Ctrl-C or SIGTERM ends that at once. What a program returns from `main` is what this gives:
    ///
    /// | Exit code | |
    /// |---|---|
    /// | 0 | the program has stopped in order: the supervisor was stopped, or the program was told to stop |
    /// | 1 | the supervisor did not start, has given up, was ended by its `auto_shutdown`, or was not stopped in time; or a hook has failed |
    /// | 130 | a second signal has ended it at once, Ctrl-C |
    /// | 143 | a second signal has ended it at once, SIGTERM |
    ///
    /// The signals are heard before the first child starts; one that comes during the start interrupts it, and what was started is
    /// stopped in order. What goes wrong is reported, as `tracing` events of the target `suptree::application`, and on the standard error
    /// where nobody listens to these: why it did not start, or has ended, and who has not stopped in time. A child that blocks its
    /// thread, and was left behind when its shutdown time was over, is reported by its supervisor; the others stop in order, and the
    /// exit code is as without it.
    ///
    /// What has to be done before or after that stands in an [`Application`]; this is [`application(args).run()`](Self::application).
    ///
    /// # Panics
    ///
    /// Inside of a runtime: it makes its own, so that a task which blocks its thread keeps the program from nothing. Write `fn main()`
    /// without `#[tokio::main]`, or start the supervisor in it with `start_link().await`.
    #[must_use = "the program's exit code: return it from `main`"]
    #[track_caller]
    fn run(args: Self::Args) -> ExitCode {
        Self::application(args).run()
    }

    /// The supervisor as an application, with hooks and others beside it.
    ///
    /// ```no_run
    /// # use std::process::ExitCode;
    /// # use suptree::prelude::*;
    /// # supervisor! { App { strategy: one_for_one, children: [] } }
    /// # supervisor! { Metrics(port: u16) { strategy: one_for_one, children: [] } }
    /// fn main() -> ExitCode {
    ///     App::application(())
    ///         .prep_stop(|app| async move { println!("{app:?} is about to stop") })
    ///         .stop(async || println!("it has stopped"))
    ///         .and(Metrics::application(9000).restart(Restart::Temporary))
    ///         .run()
    /// }
    /// ```
    fn application(args: Self::Args) -> Application<Self> {
        Application {
            part: Part::new(args),
            others: Vec::new(),
            limit: LIMIT,
        }
    }
}

impl<T: Supervisor> Run for T {}

/// A supervisor as the application of a program: made by [`Run::application`], and run by [`run`](Self::run).
///
/// ```no_run
/// use std::process::ExitCode;
/// use std::time::Duration;
/// use suptree::prelude::*;
///
/// supervisor! { App { strategy: one_for_one, children: [] } }
/// supervisor! { Metrics(port: u16) { strategy: one_for_one, children: [] } }
///
/// async fn take_out_of_rotation(app: App) -> std::io::Result<()> {
///     std::fs::remove_file("ready")
/// }
///
/// fn main() -> ExitCode {
///     App::application(())
///         .prep_stop(take_out_of_rotation)
///         .stop(async || println!("everything is saved"))
///         .and(Metrics::application(9000).restart(Restart::Temporary))
///         .shutdown_timeout(Duration::from_secs(10))
///         .run()
/// }
/// ```
///
/// Follows Elixir's [`Application`](https://hexdocs.pm/elixir/Application.html) and OTP's
/// [`application`](https://www.erlang.org/doc/apps/kernel/application.html).
#[must_use = "an application does nothing unless it is run"]
pub struct Application<T: Supervisor> {
    part: Part<T>,
    others: Vec<Box<dyn AnyPart>>,
    limit: Duration,
}

impl<T: Supervisor> Application<T> {
    /// What is done when the supervisor has started and all of its tree [is ready](crate::SupervisorRef::is_ready), with its handle:
    /// what systemd or a probe is told, say. It runs outside of any process, and the next application starts when it is done. An
    /// error, or a panic, is reported, the program stops in order, and its exit code is 1. What ends the program interrupts it.
    ///
    /// ```no_run
    /// # use std::process::ExitCode;
    /// # use suptree::prelude::*;
    /// # supervisor! { App { strategy: one_for_one, children: [] } }
    /// fn main() -> ExitCode {
    ///     App::application(())
    ///         .on_ready(|app| async move {
    ///             std::fs::write("ready", "")?;
    ///             tokio::spawn(async move {
    ///                 let mut readiness = app.watch_readiness();
    ///                 while let Ok(ready) = readiness.changed().await {
    ///                     println!("ready: {ready}");
    ///                 }
    ///             });
    ///             std::io::Result::Ok(())
    ///         })
    ///         .run()
    /// }
    /// ```
    pub fn on_ready<F, O>(mut self, hook: F) -> Self
    where
        F: FnOnce(T) -> O + Send + 'static,
        O: Future<Output: TaskOutput> + Send + 'static,
    {
        self.part.set_on_ready(hook);
        self
    }

    /// What is done before the supervisor is stopped, with its handle: OTP's
    /// [`prep_stop`](https://www.erlang.org/doc/apps/kernel/application.html#c:Module:prep_stop/1). It runs outside of any process,
    /// also where the supervisor has ended by itself; where its start has failed or was interrupted, it does not. An error, or a panic, is reported, and the program's exit code is 1.
    pub fn prep_stop<F, O>(mut self, hook: F) -> Self
    where
        F: FnOnce(T) -> O + Send + 'static,
        O: Future<Output: TaskOutput> + Send + 'static,
    {
        self.part.set_prep_stop(hook);
        self
    }

    /// What is done when the supervisor has stopped: OTP's
    /// [`stop`](https://www.erlang.org/doc/apps/kernel/application.html#c:Module:stop/1). As for [`prep_stop`](Self::prep_stop).
    pub fn stop<F, O>(mut self, hook: F) -> Self
    where
        F: FnOnce() -> O + Send + 'static,
        O: Future<Output: TaskOutput> + Send + 'static,
    {
        self.part.set_stop(hook);
        self
    }

    /// What becomes of the program when the supervisor ends by itself: OTP's
    /// [restart types of applications](https://www.erlang.org/doc/apps/kernel/application.html#start/2), of which none restarts.
    ///
    /// - [`Restart::Permanent`], unless set: the program ends.
    /// - [`Restart::Transient`]: it ends, if the supervisor did not end with the reason `Normal`.
    /// - [`Restart::Temporary`]: the others run on; the program ends with the last.
    pub const fn restart(mut self, restart: Restart) -> Self {
        self.part.set_restart(restart);
        self
    }

    /// Adds an application, which is started after this one, and stopped before it.
    pub fn and<U: Supervisor>(mut self, other: Application<U>) -> Self {
        self.others.push(Box::new(other.part));
        self.others.extend(other.others);
        self
    }

    /// How long the ordered shutdown may take, of all applications together, with their hooks. 25 s unless set. When it is over, the
    /// program reports who has not stopped, and the hook that runs, and ends with the exit code 1.
    pub const fn shutdown_timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs the application, and those that were added: see [`Run::run`], which says what the exit code means.
    ///
    /// # Panics
    ///
    /// Inside of a runtime: see [`Run::run`].
    #[must_use = "the program's exit code: return it from `main`"]
    #[track_caller]
    pub fn run(self) -> ExitCode {
        assert!(
            rt::Runtime::try_current().is_none(),
            "`run` makes its own runtime: write `fn main()` without `#[tokio::main]`, or use `start_link().await`"
        );
        let mut parts: Vec<Box<dyn AnyPart>> = vec![Box::new(self.part)];
        parts.extend(self.others);
        program::run(parts, self.limit)
    }
}

impl<T: Supervisor> fmt::Debug for Application<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application")
            .field("supervisor", &std::any::type_name::<T>())
            .field("others", &self.others.len())
            .field("shutdown_timeout", &self.limit)
            .finish_non_exhaustive()
    }
}
