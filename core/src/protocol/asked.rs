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
    let mut missing = Text::new();
    let mut nth = 0;
    while nth < asked.len() {
        let (name, handler) = asked[nth];
        if !contain(handlers, name) {
            missing.push(&["help: write `", handler, " { .. }` in the server's block\n"]);
        }
        nth += 1;
    }
    if missing.length > 0 {
        missing.push(&["page: docs/errors/T021.md"]);
        panic!("{}", missing.as_str());
    }
    0
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

/// A message that is put together while compiling. What has no room in it is left out.
struct Text {
    bytes: [u8; Self::ROOM],
    length: usize,
}

impl Text {
    const ROOM: usize = 4096;
    const TITLE: &str = "the server does not have all handlers that the protocol asks for\n";

    const fn new() -> Self {
        Self {
            bytes: [0; Self::ROOM],
            length: 0,
        }
    }

    /// Adds a line, after the title.
    const fn push(&mut self, pieces: &[&str]) {
        let mut length = self.length;
        if length == 0 {
            let Some(after) = self.copy(length, Self::TITLE) else {
                return;
            };
            length = after;
        }
        let mut nth = 0;
        while nth < pieces.len() {
            let Some(after) = self.copy(length, pieces[nth]) else {
                return;
            };
            length = after;
            nth += 1;
        }
        self.length = length;
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
            Err(_) => Self::TITLE,
        }
    }
}
