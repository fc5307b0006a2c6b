//! What tests of tasks share: a server that has some, and what they give.

use std::pin::Pin;

use suptree::TaskError;
use suptree::prelude::*;

use super::{ms, panic_text};

/// What it is told.
pub(crate) type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

pub(crate) fn job(job: impl Future<Output = ()> + Send + 'static) -> Job {
    Box::pin(job)
}

/// Does what it is told, as itself.
#[derive(Default)]
pub(crate) struct Owner;

#[genserver]
impl Owner {
    /// Nobody waits for it.
    #[cast]
    pub(crate) async fn run(&mut self, job: Job) {
        job.await;
    }

    #[call]
    pub(crate) async fn done(&mut self, job: Job) {
        job.await;
    }
}

/// What a task has panicked with.
#[track_caller]
pub(crate) fn panicked<T: std::fmt::Debug>(outcome: Result<T, TaskError>) -> String {
    match outcome {
        Err(TaskError::Exited(reason)) => panic_text(&reason),
        other => panic!("no panic: {other:?}"),
    }
}

pub(crate) async fn after<T>(millis: u64, value: T) -> T {
    tokio::time::sleep(ms(millis)).await;
    value
}

pub(crate) const fn exited<T>(reason: ExitReason) -> Result<T, TaskError> {
    Err(TaskError::Exited(reason))
}
