//! What ties a protocol to a server: the server's handlers, by name and types.

use crate::gen_server::{GenServer, ServerRef};
use crate::protocol::asked::Asked;
use crate::protocol::call::ProtocolCall;
use crate::protocol::cast::ProtocolCast;

/// A handler's name, as a type: the [`word`] of it.
#[derive(Debug)]
pub struct Word<const NAME: u128>;

/// What a protocol calls the name of a handler: a type that is called like it, so that an error shows the name.
pub trait Named {
    /// The name, as a server says it.
    type Word;
}

/// A handler's name as a constant, which a type may have in it: names that differ have different ones, as far as 128 bits tell.
#[must_use]
pub const fn word(name: &str) -> u128 {
    // FNV-1a, in 128 bits.
    let bytes = name.as_bytes();
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let mut nth = 0;
    while nth < bytes.len() {
        hash ^= bytes[nth] as u128;
        hash = hash.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        nth += 1;
    }
    hash
}

/// A server with a `#[call]` of this name, these arguments (a tuple) and this reply.
pub trait HandlesCall<Word, Args, Reply>: GenServer {
    /// The call, as the method of the server's client makes it.
    fn call(client: &Self::Client, args: Args) -> ProtocolCall<Reply>;
}

/// A server with a `#[cast]` of this name and these arguments (a tuple).
pub trait HandlesCast<Word, Args>: GenServer {
    /// The cast, as the method of the server's client makes it.
    fn cast(client: &Self::Client, args: Args) -> ProtocolCast;
}

/// What a protocol asks of a server: a call. `Name` is a type of the name, for who reads the error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no call `{Name}` as the protocol has it",
    label = "the server says so, and does not speak this protocol",
    note = "help: give the server a `#[call]` handler `{Name}` whose arguments are `{Args}`, and whose reply is `{Reply}`",
    note = "page: docs/errors/T021.md"
)]
pub trait HasCall<Name: Named, Args, Reply>: HandlesCall<Name::Word, Args, Reply> {}

#[diagnostic::do_not_recommend]
impl<S, Name: Named, Args, Reply> HasCall<Name, Args, Reply> for S where
    S: HandlesCall<Name::Word, Args, Reply>
{
}

/// What a protocol asks of a server: a cast.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no cast `{Name}` as the protocol has it",
    label = "the server says so, and does not speak this protocol",
    note = "help: give the server a `#[cast]` handler `{Name}` whose arguments are `{Args}`",
    note = "page: docs/errors/T021.md"
)]
pub trait HasCast<Name: Named, Args>: HandlesCast<Name::Word, Args> {}

#[diagnostic::do_not_recommend]
impl<S, Name: Named, Args> HasCast<Name, Args> for S where S: HandlesCast<Name::Word, Args> {}

/// A client of a server, of whichever type.
pub trait ClientOf {
    /// The server's type.
    type Server: GenServer;

    /// The reference that it is about.
    fn into_server(self) -> ServerRef<Self::Server>;
}

impl<S: GenServer> ClientOf for ServerRef<S> {
    type Server = S;

    fn into_server(self) -> Self {
        self
    }
}

/// A server that says it speaks the protocol `P`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say that it speaks this protocol",
    label = "not a client of the protocol, nor of a server that speaks it",
    note = "help: name the protocol at the server: `#[genserver(protocols(..))]`",
    note = "page: docs/errors/T022.md"
)]
pub trait Speaks<P: ?Sized>: GenServer {
    /// The client of the protocol that is answered by this server.
    fn speak(client: Self::Client) -> P::Client
    where
        P: Protocol;
}

/// A protocol: the trait object of a `#[protocol]` trait.
#[diagnostic::on_unimplemented(
    message = "a trait without `#[protocol]` is no protocol",
    label = "not a trait with `#[protocol]`",
    note = "help: write `#[protocol]` on the trait, or name another one",
    note = "page: docs/errors/T023.md"
)]
pub trait Protocol {
    /// Its methods.
    const METHODS: &'static [Asked];

    /// Its client.
    type Client;

    /// A client of nobody: its type, for a server that makes itself a client of this type.
    fn nobody() -> Self::Client;
}
