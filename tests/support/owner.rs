//! `Owner`: a server that does what it is told, as itself, and has tasks.

use std::pin::Pin;

use suptree::TaskError;
use suptree::prelude::*;

use super::panic_text;

/// What it is told.
pub(crate) type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

pub(crate) fn job(job: impl Future<Output = ()> + Send + 'static) -> Job {
    Box::pin(job)
}

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
