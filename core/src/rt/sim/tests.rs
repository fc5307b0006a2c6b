//! Tests of the simulated runtime itself; what they share is here.

mod end;
mod schedule;
mod tasks;
mod time;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Sets its flag when dropped.
struct Flag(Arc<AtomicBool>);

impl Drop for Flag {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn flag() -> (Flag, Arc<AtomicBool>) {
    let set = Arc::new(AtomicBool::new(false));
    (Flag(set.clone()), set)
}

async fn forever() {
    std::future::pending::<()>().await;
}

const MS: Duration = Duration::from_millis(1);

/// Calls its function when dropped.
struct OnDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(call) = self.0.take() {
            call();
        }
    }
}

/// Panics when dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("bomb");
    }
}
