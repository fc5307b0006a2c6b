//! Names that are known when a tree is compiled: two processes of one name cannot both run.

use crate::const_text::same;

/// The half of `__NAME` for what has no name, or one that is made when it starts: what the macros generate for a literal one goes
/// first.
pub trait NoLiteralName {
    /// The name, if it is a literal.
    const __NAME: Option<&'static str> = None;
}

impl<T: ?Sized> NoLiteralName for T {}

/// Panics, while compiling, if the name at this place stands before it, too.
#[track_caller]
pub const fn require_own_name(names: &[Option<&str>], nth: usize) {
    let Some(name) = names[nth] else { return };
    let mut before = 0;
    while before < nth {
        if let Some(other) = names[before]
            && same(name, other)
        {
            panic!(
                "a process of this tree has the name of another one\nhelp: give one of them another name: `name = \"..\"`, or `name = id` of an argument\npage: docs/errors/T024.md"
            );
        }
        before += 1;
    }
}

/// Panics, while compiling, if the server of several partitions has a name.
#[track_caller]
pub const fn require_no_name(name: Option<&str>) {
    if name.is_some() {
        panic!(
            "several partitions cannot have one name\nhelp: let `#[genserver(name = ..)]` be made of an argument, or remove it\npage: docs/errors/T025.md"
        );
    }
}
