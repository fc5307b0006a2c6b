//! `FormatStatus`: what is shown of a server, before anybody sees it.

use crate::catch::catch_dyn;
use crate::process::caller::Caller;
use crate::text::text;

/// What is shown of a server, in its crash report, by [`sys::get_status`](crate::sys::get_status) and in the events of
/// [`sys`](crate::sys): for [`GenServer::format_status`](crate::GenServer::format_status), which may change it.
///
/// ```
/// use suptree::prelude::*;
/// use suptree::{FormatStatus, sys};
///
/// #[derive(Debug)]
/// struct Session {
///     user: String,
///     password: String,
/// }
///
/// #[genserver(last_message)]
/// impl Session {
///     #[init]
///     fn init(user: String, password: String) -> Self {
///         Self { user, password }
///     }
///
///     #[call]
///     fn is_right(&self, password: String) -> bool {
///         self.password == password
///     }
///
///     #[format_status]
///     fn without_password(&self, status: &mut FormatStatus) {
///         status.state = Some(format!("a session of {}", self.user));
///         status.message = None;
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let session = Session::start("joe", "1234").await?;
/// let status = sys::get_status(&session).await?;
/// assert_eq!(status.state.as_deref(), Some("a session of joe"));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormatStatus {
    /// The state, by its `Debug`. `None`: it has none, and nothing is shown.
    pub state: Option<String>,
    /// The message that is, or was last, handled: by its handler's name, and with its arguments where the server has
    /// [`last_message`](crate::ServerOptions::last_message). `None`: there is none, and none is shown.
    pub message: Option<String>,
}

/// What is shown of a server that has crashed, and who made the call that it crashed with, as far as that is known.
#[derive(Default)]
pub(crate) struct Shown {
    pub(crate) status: FormatStatus,
    pub(crate) client: Option<Caller>,
}

/// What takes the place of what a hook that panicked was to change.
const PANICKED: &str = "<format_status panicked>";

impl FormatStatus {
    /// What the hook, user code, makes of it. Whatever it does, something is shown, and nothing that it was to hide.
    pub(super) fn by(
        state: Option<String>,
        message: Option<String>,
        hook: &mut dyn FnMut(&mut Self),
    ) -> Self {
        let mut status = Self { state, message };
        let hidden = catch_dyn(&mut || hook(&mut status)).is_err();
        let shown = |shown: String| {
            let shown = if hidden { PANICKED } else { &shown };
            text(format_args!("{shown}"))
        };
        Self {
            state: status.state.map(shown),
            message: status.message.map(shown),
        }
    }
}
