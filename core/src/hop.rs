//! Hops: a server that a handler has just given work runs right after it, on the same thread, without a task switch.
//!
//! It is what Tokio's own slot for the task that was woken last does, without the way through the scheduler: only one
//! server stands here, the one that was given work last; the one before it goes to its own task. Only servers' tasks
//! hop, never a task of the user, and only a few times before they let others run.

use std::cell::RefCell;
use std::sync::Arc;

use crate::rt;

/// How many servers one after the other a task runs besides its own.
const MOST: u32 = 32;

/// A server with messages that nobody has been told of yet.
pub(crate) trait Hop: Send + Sync {
    /// Sees to them, if nobody did meanwhile.
    fn hop(self: Arc<Self>);
    /// Lets the server's own task see to them.
    fn wake(self: Arc<Self>);
}

struct Here {
    /// The node of the server whose task runs; 0: none does.
    node: u32,
    next: Option<Arc<dyn Hop>>,
}

crate::sync::thread_local! {
    static HERE: RefCell<Here> = const { RefCell::new(Here { node: 0, next: None }) };
}

/// Whether a server of this node can be [handed on](hand_on) here.
#[inline]
pub(crate) fn may_hop(node: u32) -> bool {
    HERE.try_with(|here| here.borrow().node == node) == Ok(true) && rt::may_hop()
}

/// Runs this server next. Whoever would have been next is woken instead.
pub(crate) fn hand_on(server: Arc<dyn Hop>) {
    let before = HERE.with_borrow_mut(|here| here.next.replace(server));
    if let Some(before) = before {
        before.wake();
    }
}

/// Runs the work of a server's task, and the servers it hops to.
pub(crate) fn scope(node: u32, run: impl FnOnce()) {
    let scope = Scope::open(node);
    run();
    for _ in 0..MOST {
        let Some(next) = HERE.with_borrow_mut(|here| here.next.take()) else {
            break;
        };
        next.hop();
    }
    drop(scope);
}

/// Closes it again, whatever happens. Who has not had a turn by then is woken.
struct Scope(Here);

impl Scope {
    fn open(node: u32) -> Self {
        Self(HERE.replace(Here { node, next: None }))
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        let before = std::mem::replace(
            &mut self.0,
            Here {
                node: 0,
                next: None,
            },
        );
        if let Some(left) = HERE.replace(before).next {
            left.wake();
        }
    }
}
