//! Which handler it is: as one number on the message path, and by name and place for reports.

use std::hint::black_box;
use std::panic::Location;

/// A handler of a server, as `#[genserver]` lists it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Handler {
    pub(super) name: &'static str,
    /// Where it is written.
    pub(super) place: Option<&'static Location<'static>>,
    /// It stands for those of a part of the server, and has no number itself. After the server's own.
    part: Option<&'static [Self]>,
}

impl Handler {
    /// One that is written at this place.
    #[must_use]
    pub const fn at(name: &'static str, place: &'static Location<'static>) -> Self {
        Self {
            name,
            place: Some(place),
            part: None,
        }
    }

    /// Those of a part of the server.
    #[must_use]
    pub const fn part(handlers: &'static [Self]) -> Self {
        Self {
            name: "",
            place: None,
            part: Some(handlers),
        }
    }

    /// The one of this number.
    fn find(handlers: &[Self], index: usize) -> Option<Self> {
        match handlers.get(index) {
            Some(handler) if handler.part.is_none() => Some(*handler),
            _ => Self::find_in_parts(handlers, index),
        }
    }

    #[cold]
    fn find_in_parts(handlers: &[Self], index: usize) -> Option<Self> {
        let own = handlers.iter().take_while(|handler| handler.part.is_none());
        let mut index = index.checked_sub(own.count())?;
        for part in handlers.iter().filter_map(|handler| handler.part) {
            match part.get(index) {
                Some(handler) => return Some(*handler),
                None => index -= part.len(),
            }
        }
        None
    }

    /// The name of the handler that is listed under this number.
    pub(super) fn name_in(handlers: &[Self], index: u32) -> &'static str {
        HandlerCode::new(Sort::Info, index).of(handlers).1.name
    }

    /// How it is called.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// One whose place is of no use to a reader.
    pub(crate) const fn named(name: &'static str) -> Self {
        Self {
            name,
            place: None,
            part: None,
        }
    }
}

/// What a server handles, or does besides: the sort of message, and which of the server's handlers it is for.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandlerCode(u32);

/// Which of the server's handlers it is, where this is said for each of them.
///
/// It hides the number from the compiler, which would compute it, and branch to the handler after that. So it branches once.
#[doc(hidden)]
#[inline(always)]
#[must_use]
pub fn listed(index: u32) -> u32 {
    black_box(index)
}

/// Sorts of messages.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sort {
    Call = 1,
    Cast,
    Info,
    Continue,
    /// What the server does of itself.
    System,
}

/// How many handlers can be told from one another.
const INDEX_BITS: u32 = 12;
const NO_INDEX: u32 = (1 << INDEX_BITS) - 1;

/// What a server does of itself: sort and name in the words of reports.
const SYSTEM: [(&str, &str); 9] = [
    ("callback", "init"),
    ("callback", "terminate"),
    ("request", "to stop"),
    ("request", "to hibernate"),
    ("request", "of `sys`"),
    ("look", "at a stream"),
    ("exit", "of another process"),
    ("end", "of a monitored process"),
    ("timeout", "of an idle server"),
];

impl HandlerCode {
    /// A code is below two to the power of this, and above zero.
    pub(super) const BITS: u32 = INDEX_BITS + 3;

    pub(super) const INIT: Self = Self::new(Sort::System, 0);
    pub(super) const TERMINATE: Self = Self::new(Sort::System, 1);
    pub(super) const STOP: Self = Self::new(Sort::System, 2);
    pub(super) const HIBERNATE: Self = Self::new(Sort::System, 3);
    pub(super) const REQUEST: Self = Self::new(Sort::System, 4);
    pub(super) const LOOK: Self = Self::new(Sort::System, 5);
    pub(super) const EXIT: Self = Self::new(Sort::System, 6);
    pub(super) const DOWN: Self = Self::new(Sort::System, 7);
    pub(super) const TIMEOUT: Self = Self::new(Sort::System, 8);

    /// `index`: in the server's list of handlers; one that is not in it is known by its sort alone.
    #[inline(always)]
    pub(super) const fn new(sort: Sort, index: u32) -> Self {
        Self(((sort as u32) << INDEX_BITS) | index)
    }

    /// The handler of a call, in the server's list of handlers.
    #[inline(always)]
    #[must_use]
    pub const fn call(index: u32) -> Self {
        Self::new(Sort::Call, index)
    }

    /// The same, of a cast.
    #[inline(always)]
    #[must_use]
    pub const fn cast(index: u32) -> Self {
        Self::new(Sort::Cast, index)
    }

    /// The same, of another message.
    #[inline(always)]
    #[must_use]
    pub const fn info(index: u32) -> Self {
        Self::new(Sort::Info, index)
    }

    /// The same, of what the server continues with.
    #[inline(always)]
    #[must_use]
    pub const fn continuing(index: u32) -> Self {
        Self::new(Sort::Continue, index)
    }

    /// A message of this sort whose handler is in no list.
    pub(super) const fn unlisted(sort: Sort) -> Self {
        Self::new(sort, NO_INDEX)
    }

    #[inline(always)]
    pub(super) const fn number(self) -> u32 {
        self.0
    }

    pub(super) const fn of_number(number: u32) -> Option<Self> {
        if number == 0 {
            None
        } else {
            Some(Self(number))
        }
    }

    pub(super) const fn is_call(self) -> bool {
        self.0 >> INDEX_BITS == Sort::Call as u32
    }

    /// What sort of message it is in the words of reports, and the handler.
    pub(super) fn of(self, handlers: &[Handler]) -> (&'static str, Handler) {
        const SORTS: [(u32, &str, &str); 4] = [
            (Sort::Call as u32, "call", "a call"),
            (Sort::Cast as u32, "cast", "a cast"),
            (Sort::Info as u32, "message", "a message"),
            (Sort::Continue as u32, "continue", "a continue"),
        ];
        let (sort, index) = (self.0 >> INDEX_BITS, (self.0 & NO_INDEX) as usize);
        match SORTS.iter().find(|(known, ..)| *known == sort) {
            Some((_, kind, unlisted)) => {
                let handler = Handler::find(handlers, index);
                (kind, handler.unwrap_or(Handler::named(unlisted)))
            }
            None => {
                let (kind, name) = SYSTEM[index];
                (kind, Handler::named(name))
            }
        }
    }
}
