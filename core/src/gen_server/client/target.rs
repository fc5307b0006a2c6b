//! `Target`: the server a message goes to, found at an address.

use std::ops::Deref;
use std::sync::Arc;

use crate::gen_server::GenServer;
use crate::gen_server::cell::Cell;
use crate::process::address::{Address, Nobody};
use crate::process::{Header, Process};

/// The server a message goes to: borrowed from the client where its address needs no resolving.
pub(super) enum Target<'a, S: GenServer> {
    Borrowed(&'a Arc<Cell<S>>),
    Resolved(Arc<Cell<S>>),
}

impl<'a, S: GenServer> Target<'a, S> {
    #[inline(always)]
    pub(super) fn find(address: &'a Address<Cell<S>>) -> Result<Self, Nobody> {
        match address.direct() {
            Some(cell) => Ok(Self::Borrowed(cell)),
            None => Target::resolve(address),
        }
    }

    /// Like [`find`](Self::find), without a borrow.
    pub(super) fn resolve(address: &Address<Cell<S>>) -> Result<Self, Nobody> {
        address.find().map(Self::Resolved)
    }

    /// The same process, for those who need not know its type.
    #[inline(always)]
    pub(super) fn erased(&self) -> Receiver<'a> {
        match self {
            Self::Borrowed(cell) => Receiver::Borrowed(cell.header()),
            Self::Resolved(cell) => Receiver::Resolved(Arc::clone(cell) as _),
        }
    }
}

impl<S: GenServer> Clone for Target<'_, S> {
    fn clone(&self) -> Self {
        match self {
            Self::Borrowed(cell) => Self::Borrowed(cell),
            Self::Resolved(cell) => Self::Resolved(Arc::clone(cell)),
        }
    }
}

impl<S: GenServer> Deref for Target<'_, S> {
    type Target = Arc<Cell<S>>;

    #[inline(always)]
    fn deref(&self) -> &Arc<Cell<S>> {
        match self {
            Self::Borrowed(cell) => cell,
            Self::Resolved(cell) => cell,
        }
    }
}

/// The process that has got a message, whatever its type.
pub(in crate::gen_server) enum Receiver<'a> {
    Borrowed(&'a Header),
    Resolved(Arc<dyn Process>),
}

impl Receiver<'_> {
    #[inline(always)]
    pub(super) fn header(&self) -> &Header {
        match self {
            Self::Borrowed(header) => header,
            Self::Resolved(process) => process.header(),
        }
    }
}
