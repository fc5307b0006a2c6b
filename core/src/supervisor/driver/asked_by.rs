//! Who asked for a start, which says who is told that it failed.

/// Who wants a child to be started, and learns that it did not.
#[derive(Clone, Copy, Debug)]
pub(super) enum AskedBy {
    /// The supervisor itself, at its own start and at a restart: there is nobody else to be told, so it is reported.
    Supervisor,
    /// Somebody who waits for the answer.
    Caller,
}
