//! Replies: the caller's side of servers and supervisors alike.

pub(crate) mod abandoned;
pub(crate) mod cache;
pub(crate) mod call_error;
pub(crate) mod reply_to;
pub(crate) mod slot;
pub(crate) mod test_reply;

pub use self::call_error::CallError;
pub use self::reply_to::ReplyTo;
pub use self::test_reply::TestReply;
