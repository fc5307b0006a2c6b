//! Links and exit signals: `link`, `unlink`, `exit`.

use crate::exit_reason::ExitReason;
use crate::process::current;
use crate::process::node;
use crate::process::pid::Pid;

use crate::process::Signal;

/// Sends an exit signal to a process, as Erlang's [`exit/2`](https://www.erlang.org/doc/apps/erts/erlang.html#exit/2).
///
/// - [`ExitReason::Kill`] cannot be trapped: the process ends with the reason `Killed` before it looks at its next
///   message.
/// - `Normal` is ignored, unless the process traps exits or sends it to itself.
/// - Anything else ends a process that does not trap exits at once, even in the middle of a handler that waits;
///   `terminate` does not run. A process that traps exits gets a message, or terminates if its parent is the sender.
///
/// A signal is never lost and never waits behind messages. A process that is gone ignores it.
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
/// Follows Erlang's [`link/1`](https://www.erlang.org/doc/apps/erts/erlang.html#link/1).
///
/// # Panics
///
/// Outside of a process: there is nothing to link.
#[track_caller]
pub fn link(pid: Pid) {
    let own = current::self_pid();
    if own == pid {
        return;
    }
    let Some(me) = node::process(own) else {
        return;
    };
    me.header().add_link(pid);
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
/// The tie between a child and its parent is not a link that could be removed.
///
/// # Panics
///
/// Outside of a process.
#[track_caller]
pub fn unlink(pid: Pid) {
    let own = current::self_pid();
    if let Some(me) = node::process(own) {
        me.header().forget_link(pid);
    }
    if let Some(peer) = node::process(pid) {
        peer.header().forget_link(own);
    }
}
