//! The traits that rustc names in errors of types: what a state, an argument, or what a handler returns has to be.
//!
//! The macros and this crate implement them, nobody calls them, and they may change in any release.

pub use crate::gen_server::attach::Attaches;
pub use crate::gen_server::held::{SendFuture, SharedState};
pub use crate::gen_server::initial_state::InitialState;
pub use crate::gen_server::outcome::{IntoInit, Outcome};
pub use crate::gen_server::own_context::OwnContext;
pub use crate::gen_server::part::{HasPart, PartOf};
pub use crate::gen_server::then::Continues;
pub use crate::gen_server::told::TakesTold;
pub use crate::protocol::handles::{HasCall, HasCast, Protocol, Speaks};
