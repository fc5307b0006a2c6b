//! `Starting`: a process that is being started, which is there before it is ready.

use std::future::Future;
use std::pin::Pin;

use crate::process::Process;
use crate::start_error::StartError;
use crate::sync::Arc;

/// A process on its way. It has its name already, and those who look it up find it.
pub(crate) struct Starting {
    pub(crate) process: Arc<dyn Process>,
    pub(crate) ready: Ready,
}

/// Ready when `init` is through; with an error, when the process is gone and its name free. Dropped before, it ends the
/// process: a server at once, a supervisor as soon as its children are gone.
pub(crate) type Ready = Pin<Box<dyn Future<Output = Result<(), StartError>> + Send>>;
