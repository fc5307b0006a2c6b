//! Words that were mistaken for ours, and what to say about one that is not known.

/// Attributes that are nobody's typing mistake.
pub(crate) const BUILT_IN: &[&str] = &[
    "cfg", "cold", "test", "inline", "doc", "allow", "expect", "warn", "deny",
];

/// Words from OTP, Elixir and other libraries, and what takes their place.
pub(crate) const HELPER_ALIASES: &[(&str, &str)] = &[
    ("handle_call", "call"),
    ("handle_cast", "cast"),
    ("handle_info", "info"),
    ("handle_exit", "exit"),
    ("handle_down", "down"),
    ("handle_timeout", "timeout"),
    ("continue", "handle_continue"),
    ("message", "info"),
    ("started", "init"),
    ("start", "init"),
    ("stopped", "terminate"),
];

/// Words of OTP for entries of a supervisor.
pub(crate) const ENTRY_ALIASES: &[(&str, &str)] = &[
    ("intensity", "max_restarts"),
    ("period", "max_seconds"),
    ("child_specs", "children"),
];

/// Words that stand, or are thought to stand, for a time, a number or a way to end.
pub(crate) const VALUES: &[&str] = &[
    "infinity",
    "infinite",
    "inf",
    "forever",
    "never",
    "always",
    "none",
    "off",
    "zero",
    "default",
    "brutal",
    "brutal_kill",
    "kill",
    "graceful",
    "normal",
    "unbounded",
    "bounded",
    "unlimited",
    "exponential",
    "linear",
    "constant",
    "jitter",
];

/// Units of time as they are called elsewhere, and what takes their place.
pub(crate) const UNITS: &[(&str, &str)] = &[
    ("msec", "ms"),
    ("millis", "ms"),
    ("milliseconds", "ms"),
    ("min", "m"),
    ("mins", "m"),
    ("minutes", "m"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hours", "h"),
];

/// Helpers that are announced, and not there yet.
pub(crate) const LATER_HELPERS: &[&str] = &["code_change"];

/// What follows `help:` for a word that is not in the list.
pub(crate) fn expected(word: &str, known: &[&str]) -> String {
    match closest(word, known) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("expected {}", one_of(known)),
    }
}

/// Like [`expected`], always with the list.
pub(crate) fn expected_list(word: &str, known: &[&str]) -> String {
    match closest(word, known) {
        Some(close) => format!("did you mean `{close}`? There are {}", all(known)),
        None if known.len() == 1 => format!("there is only {}", all(known)),
        None => format!("there are {}", all(known)),
    }
}

/// The known word that is a few slips of the finger away, if there is one.
pub(crate) fn closest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    let slips = |known: &&str| distance(&word, known);
    known.iter().copied().min_by_key(slips).filter(|known| {
        let allowed = match known.len() {
            ..=5 => 1,
            6..=9 => 2,
            // `max_childs` was meant for `max_children`.
            10.. => 3,
        };
        slips(known) <= allowed
    })
}

fn one_of(words: &[&str]) -> String {
    list(words, "or")
}

fn all(words: &[&str]) -> String {
    list(words, "and")
}

fn list(words: &[&str], joint: &str) -> String {
    match words {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("{} {joint} `{last}`", first.join(", "))
        }
    }
}

/// How many letters were missed, added, mistaken or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut last = None;
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&row, j) + usize::from(x != y))
                .min(at(&row, j + 1) + 1)
                .min(left + 1);
            let swapped = j > 0 && last == Some(y) && b.get(j - 1) == Some(&x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
            left = best;
        }
        before = std::mem::replace(&mut row, next);
        last = Some(x);
    }
    row.last().copied().unwrap_or(0)
}
