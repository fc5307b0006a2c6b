//! `GenServer`: servers, their clients, and the cells they live in.

// What a server is.
pub(crate) mod behaviour;
mod server_state;
pub(crate) mod message_part;
pub(crate) mod options;
mod asked;
pub(crate) mod context;
mod into_info;
pub(crate) mod outcome;
pub(crate) mod initial_state;
pub(crate) mod own_context;
pub(crate) mod told;
pub(crate) mod request;
pub(crate) mod dispatch;
pub(crate) mod large;
pub(crate) mod held;
pub(crate) mod described;
pub(crate) mod handler;
pub(crate) mod part;
pub(crate) mod event;
pub(crate) mod format_status;
// Its life from outside.
pub(crate) mod start;
pub(crate) mod server_ref;
pub(crate) mod report;
// A call's way: from the caller's side into the cell.
pub(crate) mod client;
pub(crate) mod cell;
mod continue_with;
mod monitors;
mod idle;
pub(crate) mod then;
pub(crate) mod timer;
mod send_later;
mod deadline;
// Looking into it from outside.
pub(crate) mod sys;
pub(crate) mod test_context;
pub(crate) mod attach;

pub use self::attach::Attached;
pub use self::behaviour::GenServer;
pub use self::client::{
    AwaitRestart, Call, CallWith, Cast, CastError, OwnedCall, OwnedCast, TrySendError,
};
pub use self::context::Context;
pub use self::described::Described;
pub use self::dispatch::{Message, NoMessage};
pub use self::format_status::FormatStatus;
pub use self::into_info::IntoInfo;
pub use self::message_part::{MessagePart, TakenAlong};
pub use self::options::{Full, Inline, Mailbox, ServerOptions};
pub use self::request::{Mode, Request, RequestMessage};
pub use self::server_ref::ServerRef;
pub use self::server_state::ServerState;
pub use self::start::{start, start_link, start_monitor};
pub use self::test_context::{Recorded, TestContext};
pub use self::timer::Timer;
