//! What generated code names: checks with good messages, and what would otherwise be written into every expansion.
//!
//! Not public API: anything here may change in any release.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

pub use crate::__attach_type as attach_type;
pub use crate::__client_type as client_type;
pub use crate::__debug_of as debug_of;
pub use crate::__second_block as second_block;
pub use crate::__then_type as then_type;
pub use crate::checked::{After, Check, Checked, Follow, Tells, asked};
pub use crate::gen_server::attach::{Attaches, Nothing};
pub use crate::gen_server::client::cast::Way;
pub use crate::gen_server::dispatch::{
    Dispatch, Parcel, describe_message, handle_message, handle_message_now, message_blocks,
    message_handler, message_waits,
};
pub use crate::gen_server::event::{Event, Hears};
pub use crate::gen_server::handler::{Handler, HandlerCode, listed};
pub use crate::gen_server::held::{
    AsItIs, Borrowed, HandlerFuture, Held, MayNotTravel, NotSend, SendFuture, SharedState,
    Silenced, Unshared,
};
pub use crate::gen_server::initial_state::InitialState;
pub use crate::gen_server::large::Carry;
pub use crate::gen_server::message_part::{Asks, MessagePart};
pub use crate::gen_server::outcome::{IntoInit, Outcome};
pub use crate::gen_server::own_context::OwnContext;
pub use crate::gen_server::part::{
    HasPart, InServer, NoPart, Part, PartOf, after, any, in_part, require_part,
};
pub use crate::gen_server::request::answer;
pub use crate::gen_server::then::Continues;
pub use crate::gen_server::told::TakesTold;
use crate::gen_server::{Cast, Context, GenServer, Request, RequestMessage, ServerRef};
pub use crate::gen_server::{Described, Message, Mode};
pub use crate::planted::Bug;
#[cfg(suptree_planted_bugs)]
pub use crate::planted::plant;
pub use crate::protocol::asked::{Asked, require_handlers, require_like};
pub use crate::protocol::handles::{
    ClientOf, HandlesCall, HandlesCast, HasCall, HasCast, Named, Protocol, Speaks, Word, word,
};
pub use crate::protocol::link::{ProtocolLink, Speaker};
pub use crate::protocol::stand_in::{ByFunctions, StandIn};
use crate::protocol::{ProtocolCall, ProtocolCast};
use crate::reply::ReplyTo;
pub use crate::supervisor::child_args::{
    Args0, Args1, Args2, Args3, Args4, ArgsOf, Listed, NoChild, NotListed, require_significant,
};
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::child_spec::startable::Restartable;
pub use crate::supervisor::declared_tree::deepest;
pub use crate::supervisor::dynamic::{AfterExtra, NoDynamicChild};
pub use crate::supervisor::handles::{Handles, numbered, spec};
pub use crate::supervisor::kept_handle::{KeptAny, KeptHandle};
pub use crate::supervisor::listed::{ArgIn, ChildIn};
pub use crate::supervisor::literal_names::{NoLiteralName, require_no_name, require_own_name};
pub use crate::task::beside::answer_by_task;
/// For crates without `std`.
pub use std::{boxed::Box, sync::Arc, vec::Vec};

// ===== reports =====

/// A value that may or may not have `Debug`; see [`debug_of!`].
#[derive(Debug)]
pub struct Probe<'a, T>(pub &'a T);

/// The half of [`debug_of!`] for values without `Debug`. Its method is called like no trait's of the user's for all types.
pub trait NoDebug<'a> {
    /// Nothing to show.
    fn __debug(&self) -> Option<&'a dyn fmt::Debug>;
}

impl<'a, T> NoDebug<'a> for &Probe<'a, T> {
    fn __debug(&self) -> Option<&'a dyn fmt::Debug> {
        None
    }
}

/// The half of [`debug_of!`] for values with `Debug`.
pub trait ViaDebug<'a> {
    /// The value.
    fn __debug(&self) -> Option<&'a dyn fmt::Debug>;
}

impl<'a, T: fmt::Debug> ViaDebug<'a> for Probe<'a, T> {
    fn __debug(&self) -> Option<&'a dyn fmt::Debug> {
        Some(self.0)
    }
}

/// `Some(&dyn Debug)` of a reference if its type is known to have `Debug` where this is written, else `None`; by method
/// resolution, so without a bound.
#[doc(hidden)]
#[macro_export]
macro_rules! __debug_of {
    ($value:expr) => {{
        use $crate::__private::{NoDebug as _, ViaDebug as _};
        (&$crate::__private::Probe($value)).__debug()
    }};
}

// ===== standing in =====

/// A variant that cannot be made, for the messages of a generic server: keeps its parameters in use.
#[derive(Debug)]
pub struct Never<S>(std::convert::Infallible, PhantomData<fn() -> S>);

impl<S> Never<S> {
    /// Whatever is asked for: this is never reached.
    #[must_use]
    pub const fn absurd<T>(&self) -> T {
        match self.0 {}
    }
}

/// The request of a handler that has a compile error of its own: lets its client method keep a signature.
#[derive(Debug)]
pub struct Unanswered<R>(PhantomData<fn() -> R>);

impl<S: GenServer, R: Send + 'static> Request<S> for Unanswered<R> {}

impl<S: GenServer, R: Send + 'static> RequestMessage<S> for Unanswered<R> {
    type Reply = R;
    type Args = ();

    fn into_call(self, _reply: ReplyTo<R>) -> S::Call {
        unreachable!("the program did not compile")
    }

    fn take_back(_call: S::Call) -> Option<()> {
        None
    }
}

/// The arguments of a child that have a compile error of their own.
#[must_use]
pub fn broken<T>() -> T {
    unreachable!("the program did not compile")
}

// ===== supervisors =====

/// The specification of a child that nobody has a handle to.
pub fn child_spec<C: Restartable>(id: &'static str, args: C::Args) -> ChildSpec {
    C::child_spec(&C::vacant(), id, args)
}

// ===== clients =====

/// The period of an `#[every]` that is a constant.
#[must_use]
pub const fn period(period: Duration) -> Duration {
    assert!(
        !period.is_zero(),
        "a period is longer than zero\nhelp: write one that is, such as `Duration::from_secs(1)`\npage: docs/errors/V011.md"
    );
    period
}

/// Sends a server its tick from now on.
pub fn every<S: GenServer>(cx: &Context<S>, period: Duration, make: fn(()) -> Message<S>) {
    cx.send_itself_every(period, make);
}

/// A cast of a client method, or another message.
#[inline]
pub fn send<'a, S: GenServer, A: Send + 'static>(
    server: &'a ServerRef<S>,
    args: A,
    way: &'static Way<S, A>,
) -> Cast<'a, S, A> {
    Cast::new(&server.address, (way.make)(args), way)
}

/// A call of a client method, as one of a protocol.
pub fn protocol_call<S: GenServer, R: Request<S>>(
    call: crate::Call<'_, R::Reply, S, R>,
) -> ProtocolCall<R::Reply> {
    ProtocolCall::to_server(call.owned())
}

/// A cast of a client method, as one of a protocol.
pub fn protocol_cast<S: GenServer, A: Send + 'static>(cast: Cast<'_, S, A>) -> ProtocolCast {
    ProtocolCast::to_server(cast.owned())
}

/// The typed client of a server, for [`client_type!`] in a hidden module.
#[doc(hidden)]
#[macro_export]
macro_rules! __client_type {
    ($alias:ident as $client:ident) => {
        /// Client of a server of type `S`: one method per handler, and those of a `suptree::ServerRef`.
        pub struct $client<S: $crate::GenServer> {
            server: $crate::ServerRef<S>,
        }

        impl<S: $crate::GenServer> ::core::clone::Clone for $client<S> {
            fn clone(&self) -> Self {
                Self {
                    server: ::core::clone::Clone::clone(&self.server),
                }
            }
        }

        impl<S: $crate::GenServer> ::core::fmt::Debug for $client<S> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_tuple(::core::stringify!($alias))
                    .field(&self.server)
                    .finish()
            }
        }

        impl<S: $crate::GenServer> ::core::convert::From<$crate::ServerRef<S>> for $client<S> {
            fn from(server: $crate::ServerRef<S>) -> Self {
                Self { server }
            }
        }

        impl<S: $crate::GenServer> ::core::convert::From<&$client<S>> for $crate::WhichChild {
            fn from(client: &$client<S>) -> Self {
                ::core::convert::From::from(&client.server)
            }
        }

        impl<S: $crate::GenServer> $crate::__private::ClientOf for $client<S> {
            type Server = S;

            fn into_server(self) -> $crate::ServerRef<S> {
                self.server
            }
        }

        impl<S: $crate::GenServer> $crate::Reference for $client<S> {
            fn to_process(&self) -> $crate::ProcessRef {
                $crate::ServerRef::process(&self.server)
            }

            fn to_bound(&self) -> ::core::option::Option<Self> {
                ::core::option::Option::map(
                    $crate::ServerRef::bound(&self.server),
                    ::core::convert::From::from,
                )
            }
        }

        impl<S: $crate::GenServer> ::core::convert::AsRef<$crate::ServerRef<S>> for $client<S> {
            fn as_ref(&self) -> &$crate::ServerRef<S> {
                &self.server
            }
        }

        impl<S: $crate::GenServer> ::core::ops::Deref for $client<S> {
            type Target = $crate::ServerRef<S>;

            fn deref(&self) -> &$crate::ServerRef<S> {
                &self.server
            }
        }
    };
}

/// What `cx.then()` gives, for [`client_type!`]'s hidden module.
#[doc(hidden)]
#[macro_export]
macro_rules! __then_type {
    ($then:ident, $client:ident) => {
        /// What a server of type `S` can continue with: one method for each `#[handle_continue]`.
        #[must_use = "say what to continue with"]
        pub struct $then<'a, S: $crate::GenServer> {
            cx: &'a mut $crate::Context<S>,
        }

        impl<S: $crate::GenServer> $then<'_, S> {
            #[doc(hidden)]
            pub fn __with(self, message: S::Info) {
                self.cx.continue_with(message);
            }
        }

        impl<S: $crate::GenServer> ::core::fmt::Debug for $then<'_, S> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(::core::stringify!($then))
                    .finish_non_exhaustive()
            }
        }

        impl<S: $crate::GenServer> $crate::__private::Continues<S> for $client<S> {
            type Then<'a> = $then<'a, S>;

            fn then(cx: &mut $crate::Context<S>) -> $then<'_, S> {
                $then { cx }
            }
        }
    };
}

/// What `cx.attach(stream)` gives, for [`client_type!`]'s hidden module.
#[doc(hidden)]
#[macro_export]
macro_rules! __attach_type {
    ($attach:ident, $client:ident) => {
        /// Where the items of a stream go: one method for each `#[info]` of a server of type `S`.
        #[must_use = "say which handler the items are for"]
        pub struct $attach<'a, S: $crate::GenServer, T> {
            cx: &'a mut $crate::Context<S>,
            stream: T,
        }

        impl<S, T> $attach<'_, S, T>
        where
            S: $crate::GenServer,
            T: $crate::Stream + ::core::marker::Send + 'static,
        {
            #[doc(hidden)]
            pub fn __with(self, make: fn(T::Item) -> S::Info) -> $crate::Attached {
                self.cx.attach_with(self.stream, make)
            }
        }

        impl<S: $crate::GenServer, T> ::core::fmt::Debug for $attach<'_, S, T> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(::core::stringify!($attach))
                    .finish_non_exhaustive()
            }
        }

        impl<S: $crate::GenServer> $crate::__private::Attaches<S> for $client<S> {
            type Attach<'a, T> = $attach<'a, S, T>;

            fn attach<T>(cx: &mut $crate::Context<S>, stream: T) -> $attach<'_, S, T> {
                $attach { cx, stream }
            }
        }
    };
}
