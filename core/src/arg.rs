//! `IntoArg`: what may be given for a parameter where the macros generate functions.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A value for a parameter of type `T`: a `T`, or a text where `T` is one of std's owned texts.
///
/// Takes the place of `Into<T>` in `start_link`, `named`, `start_child` and child lists: with `Into` a literal such as `7`
/// would not do for a `u64`, nor `None` for an option; with this they do.
///
/// ```
/// use suptree::prelude::*;
///
/// struct Room(String);
///
/// #[genserver(name = topic)]
/// impl Room {
///     #[init]
///     fn init(topic: String, _seats: u64) -> Self {
///         Self(topic)
///     }
///
///     #[call]
///     fn topic(&self) -> String {
///         self.0.clone()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let room = Room::start("rust", 7).await?; // impl IntoArg<String>, impl IntoArg<u64>
/// assert_eq!(room.topic().await?, "rust");
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given where `{T}` is expected",
    label = "expected `{T}`",
    note = "page: docs/errors/T019.md"
)]
pub trait IntoArg<T> {
    /// The value, as the parameter has it.
    fn into_arg(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T> IntoArg<T> for T {
    #[inline]
    fn into_arg(self) -> T {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoArg<String> for &str {
    fn into_arg(self) -> String {
        self.to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl IntoArg<String> for &String {
    fn into_arg(self) -> String {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl IntoArg<Box<str>> for &str {
    fn into_arg(self) -> Box<str> {
        self.into()
    }
}

#[diagnostic::do_not_recommend]
impl IntoArg<Arc<str>> for &str {
    fn into_arg(self) -> Arc<str> {
        self.into()
    }
}

#[diagnostic::do_not_recommend]
impl IntoArg<Cow<'static, str>> for &'static str {
    fn into_arg(self) -> Cow<'static, str> {
        self.into()
    }
}

#[diagnostic::do_not_recommend]
impl IntoArg<PathBuf> for &str {
    fn into_arg(self) -> PathBuf {
        self.into()
    }
}

#[diagnostic::do_not_recommend]
impl IntoArg<PathBuf> for &Path {
    fn into_arg(self) -> PathBuf {
        self.to_owned()
    }
}
