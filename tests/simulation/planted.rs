//! Planted bugs: each of them has to be found, within 1,000 seeds (F8).
//!
//! They are compiled in with `RUSTFLAGS="--cfg suptree_planted_bugs"` only. Their places are in `core`: `planted(n)`.

/// What is planted, by number.
pub(crate) const BUGS: [(u32, &str); 20] = [
    (1, "a start that is dropped does not end the server"),
    (2, "the guard on the runtime is built inside of its task"),
    (3, "the queue is not drained when it is closed"),
    (4, "a killed supervisor leaves its children behind"),
    (5, "the name is freed after the death was announced"),
    (6, "the restart window allows one more"),
    (7, "a late reply reaches the next call"),
    (
        8,
        "a reply handle dropped in a crash tells `NoReply` before the reason is known",
    ),
    (9, "a reply handle dropped inside of a process tells nobody"),
    (10, "signals are not looked at between messages"),
    (11, "links are not told"),
    (12, "exits of other children are lost while one is stopped"),
    (13, "the bound of the mailbox is ignored"),
    (14, "messages sent during `init` wait for the next one"),
    (15, "children stop in start order"),
    (16, "a transient child is restarted as a permanent one"),
    (17, "a slow `init` is not interrupted by the parent's exit"),
    (18, "one of the monitors is not told"),
    (
        19,
        "a wake-up of a waiting handler is lost when the server has no task yet",
    ),
    (20, "senders that wait for room are not woken"),
];

/// F8: the simulation finds each of the planted bugs within 1,000 seeds.
#[cfg(suptree_planted_bugs)]
#[test]
fn f8_each_planted_bug_is_found() {
    const SEEDS: u64 = 1000;
    crate::silence_panics();
    let base = crate::from_env("SUPTREE_SIM_BASE").unwrap_or(1);
    let only = crate::from_env("SUPTREE_SIM_BUG");
    let mut missed = Vec::new();
    for (bug, what) in BUGS
        .into_iter()
        .filter(|(bug, _)| only.is_none_or(|only| only == u64::from(*bug)))
    {
        let started = std::time::Instant::now();
        suptree::__private::plant(bug);
        let found = (0..SEEDS).find_map(|nth| {
            let violation = crate::story::play(base.wrapping_add(nth)).violation?;
            Some((nth, violation))
        });
        suptree::__private::plant(0);
        let took = started.elapsed();
        match found {
            Some((nth, violation)) => println!(
                "bug {bug:>2} found by seed {nth:>3} in {took:.1?}: {what}\n       {violation}"
            ),
            None => {
                println!("bug {bug:>2} MISSED in {took:.1?}: {what}");
                missed.push(bug);
            }
        }
    }
    assert!(
        missed.is_empty(),
        "not found within {SEEDS} seeds: {missed:?}"
    );
}

/// Nothing is listed twice, or left out.
#[test]
fn f8_the_list_of_planted_bugs_is_in_order() {
    for (nth, (bug, _)) in (1..).zip(BUGS) {
        assert_eq!(bug, nth);
    }
}
