//! Parts of a server: handlers that are declared in an impl block of their own.
//!
//! The messages of a part are a variant of the server's. So they take the server's way, and nothing here runs for a server
//! without parts. What is one table over all handlers of a server is put together of those of its blocks.

use std::marker::PhantomData;

use crate::gen_server::GenServer;
use crate::gen_server::handler::Handler;

/// What a block with `#[genserver(part)]` adds to a server. `P` tells the parts of a server from one another.
pub trait Part<P> {
    /// Its calls.
    type Call;
    /// Its casts.
    type Cast;
    /// Its other messages.
    type Info;

    /// Its handlers, as [`GenServer::HANDLERS`].
    const HANDLERS: &'static [Handler];
    /// Whether one of them may wait.
    const WAITS: bool;
    /// Whether one of them blocks.
    const BLOCKS: bool;
}

/// A part of the server `S`, which the server asks about before all else.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of `{S}`",
    label = "no block of `{S}` says that it is this part",
    note = "help: name the parts that are blocks of `{S}`, or write `#[genserver(part = {Self})]` on one of them",
    note = "page: docs/errors/T027.md"
)]
pub trait PartOf<S> {
    #[doc(hidden)]
    type Itself;
}

#[diagnostic::do_not_recommend]
impl<S: Part<P>, P> PartOf<S> for P {
    type Itself = P;
}

/// A server that names the part.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name this part",
    label = "a part that its server does not know",
    note = "the server's own block names its parts: `#[genserver(parts)]` where there is one, `#[genserver(parts(Admin, Stats))]` for `#[genserver(part = Admin)]` and `#[genserver(part = Stats)]`",
    note = "page: docs/errors/T008.md"
)]
pub trait HasPart<P>: GenServer + Part<P> {
    /// Where the handlers of the part begin in the server's list.
    const BEGIN: u32;

    /// A call of the part's as one of the server's.
    fn call(call: <Self as Part<P>>::Call) -> <Self as GenServer>::Call;
    /// And back.
    fn call_back(call: <Self as GenServer>::Call) -> Option<<Self as Part<P>>::Call>;
    /// The same of a cast.
    fn cast(cast: <Self as Part<P>>::Cast) -> <Self as GenServer>::Cast;
    /// And back.
    fn cast_back(cast: <Self as GenServer>::Cast) -> Option<<Self as Part<P>>::Cast>;
    /// The same of another message.
    fn info(info: <Self as Part<P>>::Info) -> <Self as GenServer>::Info;
    /// And back.
    fn info_back(info: <Self as GenServer>::Info) -> Option<<Self as Part<P>>::Info>;
}

/// Compiles when the server names the part.
pub const fn require_part<S: HasPart<P>, P>() {}

/// The place of a part in its server. Where the server does not name it, which is an error, [`NoPart`] has the same, so that no other
/// error follows: which of the two is meant is found by method resolution.
#[derive(Debug)]
pub struct InServer<S, P>(PhantomData<fn() -> (S, P)>);

impl<S: HasPart<P>, P> InServer<S, P> {
    /// Where the handlers of the part begin.
    pub const BEGIN: u32 = S::BEGIN;

    /// A call of the part's as one of the server's.
    #[inline]
    pub fn call(call: <S as Part<P>>::Call) -> <S as GenServer>::Call {
        S::call(call)
    }

    /// And back.
    #[inline]
    #[must_use]
    pub fn call_back(call: <S as GenServer>::Call) -> Option<<S as Part<P>>::Call> {
        S::call_back(call)
    }

    /// A cast of the part's as one of the server's.
    #[inline]
    pub fn cast(cast: <S as Part<P>>::Cast) -> <S as GenServer>::Cast {
        S::cast(cast)
    }

    /// And back.
    #[inline]
    #[must_use]
    pub fn cast_back(cast: <S as GenServer>::Cast) -> Option<<S as Part<P>>::Cast> {
        S::cast_back(cast)
    }

    /// Another message of the part's as one of the server's.
    #[inline]
    pub fn info(info: <S as Part<P>>::Info) -> <S as GenServer>::Info {
        S::info(info)
    }

    /// And back.
    #[inline]
    #[must_use]
    pub fn info_back(info: <S as GenServer>::Info) -> Option<<S as Part<P>>::Info> {
        S::info_back(info)
    }
}

/// The half of [`InServer`] for a part that its server does not name.
pub trait NoPart<S: GenServer + Part<P>, P> {
    /// Nowhere.
    const BEGIN: u32 = 0;

    /// Never called: the program did not compile.
    fn call(_call: <S as Part<P>>::Call) -> <S as GenServer>::Call {
        unreachable!("the program did not compile")
    }
    /// Likewise.
    #[must_use]
    fn call_back(_call: <S as GenServer>::Call) -> Option<<S as Part<P>>::Call> {
        None
    }
    /// Likewise.
    fn cast(_cast: <S as Part<P>>::Cast) -> <S as GenServer>::Cast {
        unreachable!("the program did not compile")
    }
    /// Likewise.
    #[must_use]
    fn cast_back(_cast: <S as GenServer>::Cast) -> Option<<S as Part<P>>::Cast> {
        None
    }
    /// Likewise.
    fn info(_info: <S as Part<P>>::Info) -> <S as GenServer>::Info {
        unreachable!("the program did not compile")
    }
    /// Likewise.
    #[must_use]
    fn info_back(_info: <S as GenServer>::Info) -> Option<<S as Part<P>>::Info> {
        None
    }
}

impl<S: GenServer + Part<P>, P> NoPart<S, P> for InServer<S, P> {}

/// The number of a part's handler in the server's list.
#[must_use]
pub const fn in_part(begin: u32, index: u32) -> u32 {
    begin + index
}

/// Where the handlers of a part begin: after so many of the server's own, and those of other parts.
#[must_use]
pub const fn after(own: u32, parts: &[&[Handler]]) -> u32 {
    let mut begin = own;
    let mut rest = parts;
    while let [part, others @ ..] = rest {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "handlers are told apart by twelve bits"
        )]
        {
            begin += part.len() as u32;
        }
        rest = others;
    }
    begin
}

/// Whether it holds for the server's own handlers, or for those of a part.
#[must_use]
pub const fn any(of: &[bool]) -> bool {
    let mut rest = of;
    while let [first, others @ ..] = rest {
        if *first {
            return true;
        }
        rest = others;
    }
    false
}

/// Stands in place of all that is made of a block, behind another one that is no part either: the one way in which a macro
/// can say something beside an error of rustc's is a use of what is deprecated. `$block` is shown.
#[doc(hidden)]
#[macro_export]
macro_rules! __second_block {
    ($block:ident) => {
        const _: () = {
            #[deprecated(
                note = "the server has a `#[genserver]` block already\nhelp: write `#[genserver(part)]` on this one, and `#[genserver(parts)]` on the first\npage: docs/errors/T028.md"
            )]
            const fn $block() {}
            $block();
        };
    };
}
