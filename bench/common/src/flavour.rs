//! The two runtimes every workload is run on.

use std::future::Future;
use std::str::FromStr;

use tokio::runtime::{Builder, Runtime};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flavour {
    /// Tokio's `multi_thread` with two workers (BEAM: two schedulers; actix: two arbiters).
    Multi,
    /// Tokio's `current_thread` (BEAM: one scheduler; actix: one arbiter).
    Current,
}

impl Flavour {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Multi => "multi",
            Self::Current => "current",
        }
    }

    fn tokio_runtime(self) -> Runtime {
        let mut builder = match self {
            Self::Multi => Builder::new_multi_thread(),
            Self::Current => Builder::new_current_thread(),
        };
        // Without effect on `current_thread`.
        builder
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime can be built")
    }
}

/// Runs `main` to its end on the thread that calls `block_on`.
pub fn run_on_this_thread<F: Future>(flavour: Flavour, main: F) -> F::Output {
    let runtime = flavour.tokio_runtime();
    let output = runtime.block_on(main);
    runtime.shutdown_background();
    output
}

/// Runs `main` to its end inside a task of the runtime.
pub(crate) fn run_in_task<F>(flavour: Flavour, main: F) -> F::Output
where
    F: Future<Output: Send> + Send + 'static,
{
    let task = async move { tokio::spawn(main).await.expect("the workload ends") };
    run_on_this_thread(flavour, task)
}

impl FromStr for Flavour {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "multi" => Ok(Self::Multi),
            "current" => Ok(Self::Current),
            other => Err(format!("no such flavour: {other}")),
        }
    }
}
