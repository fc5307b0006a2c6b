//! What a protocol asks of a server, by the names of its methods: whether the server has a handler for each, as far as names, and
//! numbers of arguments, tell.
//!
//! Where one is missing, this is the only error, and it shows how the handler is written. Whether those that are there have
//! the right types is for `handles` to say.

use crate::const_text::same;

/// A method of a protocol: its name, such as `call get/1`, and the handler that it asks for.
pub type Asked = (&'static str, &'static str);

/// Panics, while compiling, if a server with handlers of these names has none for a method of the protocol. It gives a number for
/// [`Checked`](crate::checked::Checked).
#[must_use]
#[track_caller]
pub const fn require_handlers(handlers: &[&str], asked: &[Asked]) -> usize {
    let missing = Text::new(&[TITLE]).missing(handlers, asked);
    if missing.any {
        panic!("{}", missing.as_str());
    }
    0
}

/// Panics, while compiling, if this one of the handlers is called like a method of the protocol, and is another sort of handler, or has
/// another number of arguments.
#[track_caller]
pub const fn require_like(handler: &str, handlers: &[&str], protocol: &str, asked: &[Asked]) {
    let is = Parts::of(handler);
    let mut like = None;
    let mut nth = 0;
    while nth < asked.len() {
        let (name, _) = asked[nth];
        if same(handler, name) {
            return;
        }
        let wanted = Parts::of(name);
        if same(is.name, wanted.name) {
            like = Some(wanted);
        }
        nth += 1;
    }
    if let Some(wanted) = like {
        let text = Text::new(&is.instead_of(&wanted, protocol));
        panic!("{}", text.missing(handlers, asked).as_str());
    }
}

const fn contain(handlers: &[&str], name: &str) -> bool {
    let mut nth = 0;
    while nth < handlers.len() {
        if same(handlers[nth], name) {
            return true;
        }
        nth += 1;
    }
    false
}

/// `call get/1`, in its parts.
struct Parts<'a> {
    /// `call`, `cast` or `info`; nothing for a method that is no handler.
    sort: &'a str,
    name: &'a str,
    arguments: &'a str,
}

impl<'a> Parts<'a> {
    const fn of(text: &'a str) -> Self {
        let (sort, rest) = split(text, b' ');
        let (name, arguments) = split(rest, b'/');
        Self {
            sort,
            name,
            arguments,
        }
    }

    /// What a handler is, and what is asked for.
    const fn instead_of(&self, wanted: &Self, protocol: &'a str) -> [&'a str; 12] {
        let (is, asks) = if self.sort.is_empty() {
            (
                ["` has no attribute", "", "", ""],
                ["a `#[", wanted.sort, "]`"],
            )
        } else if same(self.sort, wanted.sort) {
            let word = if same(self.arguments, "1") {
                " argument"
            } else {
                " arguments"
            };
            (
                ["` takes ", self.arguments, word, ""],
                ["", "", wanted.arguments],
            )
        } else {
            (
                ["` is a `#[", self.sort, "]`", ""],
                ["a `#[", wanted.sort, "]`"],
            )
        };
        let [is, sort, ends, of] = is;
        let [asks, for_sort, for_ends] = asks;
        [
            "`",
            self.name,
            is,
            sort,
            ends,
            of,
            ", and `",
            protocol,
            "` asks for ",
            asks,
            for_sort,
            for_ends,
        ]
    }
}

/// What stands before the first of this sign, and behind it.
const fn split(text: &str, sign: u8) -> (&str, &str) {
    let mut at = 0;
    while at < text.len() {
        if text.as_bytes()[at] == sign {
            let (before, rest) = text.split_at(at);
            let (_, after) = rest.split_at(1);
            return (before, after);
        }
        at += 1;
    }
    (text, "")
}

const TITLE: &str = "the server does not have all handlers that the protocol asks for";

/// A message that is put together while compiling. What has no room in it is left out.
struct Text {
    bytes: [u8; Self::ROOM],
    length: usize,
    /// Whether a handler is missing.
    any: bool,
}

impl Text {
    const ROOM: usize = 4096;

    const fn new(title: &[&str]) -> Self {
        let text = Self {
            bytes: [0; Self::ROOM],
            length: 0,
            any: false,
        };
        text.line(title)
    }

    /// With a line for each handler that is missing, and the page.
    const fn missing(mut self, handlers: &[&str], asked: &[Asked]) -> Self {
        let mut nth = 0;
        while nth < asked.len() {
            let (name, handler) = asked[nth];
            if !contain(handlers, name) {
                self.any = true;
                self = self.line(&["\nhelp: write `", handler, " { .. }` in the server's block"]);
            }
            nth += 1;
        }
        self.line(&["\npage: docs/errors/T021.md"])
    }

    const fn line(mut self, pieces: &[&str]) -> Self {
        let mut length = self.length;
        let mut nth = 0;
        while nth < pieces.len() {
            let Some(after) = self.copy(length, pieces[nth]) else {
                return self;
            };
            length = after;
            nth += 1;
        }
        self.length = length;
        self
    }

    const fn copy(&mut self, at: usize, piece: &str) -> Option<usize> {
        let piece = piece.as_bytes();
        if at + piece.len() > Self::ROOM {
            return None;
        }
        let mut nth = 0;
        while nth < piece.len() {
            self.bytes[at + nth] = piece[nth];
            nth += 1;
        }
        Some(at + piece.len())
    }

    const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.length);
        match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => TITLE,
        }
    }
}
