//! What handlers and clients share outside of servers: a gate to wait at, and a desk where reply handles are left.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Poll, Waker};

use shuttle::sync::Mutex;
use suptree_core::ReplyTo;

use crate::probe::Said;

/// Shut until somebody opens it, for good.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<Mutex<Queue<()>>>);

/// Reply handles on their way to somebody who sends the replies.
#[derive(Clone, Default)]
pub(crate) struct Desk(Arc<Mutex<Queue<Left>>>);

type Left = (Said, ReplyTo<Said>);

struct Queue<T> {
    items: VecDeque<T>,
    wakers: Vec<Waker>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            items: VecDeque::new(),
            wakers: Vec::new(),
        }
    }
}

fn put<T>(queue: &Mutex<Queue<T>>, item: T) {
    let wakers = {
        let mut queue = queue.lock().expect("no poison");
        queue.items.push_back(item);
        std::mem::take(&mut queue.wakers)
    };
    wakers.into_iter().for_each(Waker::wake);
}

impl Gate {
    pub(crate) fn open(&self) {
        put(&self.0, ());
    }

    pub(crate) async fn passed(&self) {
        poll_fn(|cx| {
            let mut queue = self.0.lock().expect("no poison");
            if queue.items.is_empty() {
                queue.wakers.push(cx.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
    }
}

impl Desk {
    pub(crate) fn leave(&self, said: Said, reply: ReplyTo<Said>) {
        put(&self.0, (said, reply));
    }

    pub(crate) async fn take(&self) -> Left {
        poll_fn(|cx| {
            let mut queue = self.0.lock().expect("no poison");
            match queue.items.pop_front() {
                Some(item) => Poll::Ready(item),
                None => {
                    queue.wakers.push(cx.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}
