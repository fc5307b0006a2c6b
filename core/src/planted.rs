//! Bugs planted on purpose, behind `--cfg suptree_planted_bugs`: the simulation has to find each of them, and from 101 on the
//! tests of races.
//!
//! Without the cfg, [`planted`] is a constant and nothing of this is compiled in. What each number stands for is listed in
//! `tests/simulation/planted.rs` and in `core/tests/races/planted.rs`.

#[cfg(suptree_planted_bugs)]
thread_local! {
    static PLANTED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// Whether this bug is planted.
#[cfg(not(suptree_planted_bugs))]
#[inline(always)]
pub(crate) const fn planted(_bug: u32) -> bool {
    false
}

/// Whether this bug is planted.
#[cfg(suptree_planted_bugs)]
pub(crate) fn planted(bug: u32) -> bool {
    PLANTED.try_with(std::cell::Cell::get) == Ok(bug)
}

/// Plants a bug on this thread; 0 is none.
#[cfg(suptree_planted_bugs)]
pub fn plant(bug: u32) {
    PLANTED.set(bug);
}
