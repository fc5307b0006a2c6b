//! Protocols: what several servers can be asked, whatever their types are.
//!
//! A client of a protocol holds a hidden trait object, and each use of it a boxed call or cast. What a server does for a
//! protocol is a trait for each of its handlers, by the handler's name (`handles`): so the crate of the protocol, that of the
//! server and that of its users can be three.

pub(crate) mod asked;
pub(crate) mod call;
pub(crate) mod cast;
pub(crate) mod handles;
pub(crate) mod link;
pub(crate) mod recipient;
pub(crate) mod stand_in;

pub use self::call::ProtocolCall;
pub use self::cast::ProtocolCast;
pub use self::recipient::Recipient;
