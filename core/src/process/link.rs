//! Links and exit signals: `link`, `unlink`, `exit`.

use crate::exit_reason::ExitReason;
use crate::process::current;
use crate::process::node;
use crate::process::pid::Pid;

use crate::process::Signal;

/// Sends an exit signal to a process, like Erlang's [`exit/2`](https://www.erlang.org/doc/apps/erts/erlang.html#exit/2).
///
/// - [`ExitReason::Kill`] cannot be trapped: the process ends with the reason `Killed` before it looks at its next
///   message.
/// - `Normal` is ignored, unless the process traps exits or sends it to itself.
/// - Anything else ends a process that does not trap exits at once, even in the middle of a handler that waits;
///   `terminate` does not run. A process that traps exits gets a message, or terminates if its parent is the sender.
///
/// A signal is never lost and never waits behind messages. To a process that is gone it does nothing.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Worker;
/// # #[genserver] impl Worker {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let worker = Worker::start().await?;
/// let death = worker.monitor();
/// let pid = death.pid();
///
/// suptree::exit(pid, ExitReason::Normal); // ignored
/// suptree::exit(pid, ExitReason::Kill); // OTP's `Process.exit(pid, :kill)`
/// assert_eq!(death.await.reason, ExitReason::Killed);
/// # Ok(()) }
/// ```
///
/// The sender is the process that this is called in. A process that traps exits sees it as the `from` of
/// [`GenServer::handle_exit`](crate::GenServer::handle_exit). Outside a process there is no sender.
pub fn exit(pid: Pid, reason: ExitReason) {
    let Some(process) = node::process(pid) else {
        return;
    };
    process.signal(match reason {
        ExitReason::Kill => Signal::Kill,
        reason => Signal::Exit {
            from: current::pid(),
            reason,
            linked: false,
        },
    });
}

/// Links the running process with `pid`: when one ends, the other gets an exit signal with its reason.
///
/// Linking twice is one link. A `pid` that is gone sends an exit signal with [`ExitReason::NoProc`] at once.
/// Linking with oneself does nothing.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Worker;
///
/// #[genserver]
/// impl Worker {
///     #[cast]
///     fn tie_to(&self, other: Pid) {
///         suptree::link(other);
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (one, other) = (Worker::start().await?, Worker::start().await?);
/// one.tie_to(other.pid().expect("it lives")).await?;
///
/// let death = one.monitor();
/// other.kill();
/// assert_eq!(death.await.reason, ExitReason::Killed); // it went along
/// # Ok(()) }
/// ```
///
/// Follows Erlang's [`link/1`](https://www.erlang.org/doc/apps/erts/erlang.html#link/1).
///
/// # Panics
///
/// Outside a process: there is nothing to link.
#[track_caller]
pub fn link(pid: Pid) {
    let own = current::required("link");
    if own == pid {
        return;
    }
    let Some(me) = node::process(own) else {
        return;
    };
    me.header().add_link(pid);
    me.header().node.note_link(pid);
    let linked = node::process(pid).is_some_and(|peer| peer.header().add_link(own));
    if !linked {
        me.header().forget_link(pid);
        me.signal(Signal::Exit {
            from: Some(pid),
            reason: ExitReason::NoProc,
            linked: true,
        });
    }
}

/// Removes the link between the running process and `pid`. No exit signal of `pid` arrives afterwards because of it.
///
/// The tie between a child and its supervisor is not a link, and cannot be removed.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Worker;
///
/// #[genserver]
/// impl Worker {
///     #[call]
///     fn tie_to(&self, other: Pid) {
///         suptree::link(other);
///     }
///
///     #[call]
///     fn part_from(&self, other: Pid) {
///         suptree::unlink(other);
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (one, other) = (Worker::start().await?, Worker::start().await?);
/// let death = other.monitor();
/// one.tie_to(death.pid()).await?;
/// one.part_from(death.pid()).await?;
///
/// other.kill();
/// death.await;
/// assert!(one.is_alive());
/// # Ok(()) }
/// ```
///
/// Follows Erlang's [`unlink/1`](https://www.erlang.org/doc/apps/erts/erlang.html#unlink/1).
///
/// # Panics
///
/// Outside a process: there is nothing to unlink.
#[track_caller]
pub fn unlink(pid: Pid) {
    let own = current::required("unlink");
    if let Some(me) = node::process(own) {
        me.header().forget_link(pid);
        me.header().node.note_unlink(pid);
    }
    if let Some(peer) = node::process(pid) {
        peer.header().forget_link(own);
    }
}
