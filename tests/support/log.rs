//! An event log that tests can wait on.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Inner>);

#[derive(Default)]
struct Inner {
    lines: Mutex<Vec<String>>,
    changed: Notify,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn push(&self, line: impl Into<String>) {
        self.0.lines.lock().unwrap().push(line.into());
        self.0.changed.notify_waiters();
    }

    /// Everything so far.
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lines.lock().unwrap().clone()
    }

    /// Everything so far, which is forgotten.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lines.lock().unwrap())
    }

    /// Those lines that contain `text`.
    pub(crate) fn with(&self, text: &str) -> Vec<String> {
        self.all()
            .into_iter()
            .filter(|line| line.contains(text))
            .collect()
    }

    pub(crate) fn count(&self, line: &str) -> usize {
        self.all().iter().filter(|other| *other == line).count()
    }

    /// Where the first such line is.
    #[track_caller]
    pub(crate) fn index(&self, line: &str) -> usize {
        let all = self.all();
        let at = all.iter().position(|other| other == line);
        at.unwrap_or_else(|| panic!("no {line} in {all:?}"))
    }

    /// Waits until `line` was logged `times` times: not for ever, which the paused clock of most tests makes short.
    pub(crate) async fn until(&self, line: &str, times: usize) {
        self.until_it(line, || self.count(line) >= times).await;
    }

    /// Waits until a line was logged that contains `text`.
    pub(crate) async fn until_some(&self, text: &str) {
        self.until_it(text, || !self.with(text).is_empty()).await;
    }

    async fn until_it(&self, what: &str, is_there: impl Fn() -> bool) {
        loop {
            let changed = self.0.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if is_there() {
                return;
            }
            let waited = tokio::time::timeout(Duration::from_secs(7_200), changed).await;
            assert!(waited.is_ok(), "waiting for {what}: {:?}", self.all());
        }
    }
}
