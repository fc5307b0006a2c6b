//! What a server of the workloads holds: 64 bytes, the same for every system.

/// The state of a counter that is also a link of the ring. `R` is how the system names another server.
#[derive(Debug)]
pub struct State<R> {
    pub value: u64,
    pub next: Option<Box<R>>,
    // Fills the state up to a cache line, and is not zero, so that no allocator gets the pages for nothing.
    _padding: [u64; 6],
}

impl<R> State<R> {
    pub fn new() -> Self {
        const { assert!(size_of::<Self>() == 64) };
        Self {
            value: 0,
            next: None,
            _padding: [1; 6],
        }
    }
}

impl<R> Default for State<R> {
    fn default() -> Self {
        Self::new()
    }
}
