//! `Panic`: a panic that ended a process. Its message, and the place that the panic hook remembered.

use std::any::Any;
use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::panic::Location;

use crate::guard::discard;
use crate::sync::Arc;

/// A panic that ended a process: its message, and where it happened.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Shaky;
///
/// #[genserver]
/// impl Shaky {
///     #[cast]
///     fn fall(&self) {
///         panic!("nothing holds");
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let shaky = Shaky::start().await?;
/// let death = shaky.monitor();
/// shaky.fall().await?;
/// let ExitReason::Panic(panic) = death.await.reason else { unreachable!() };
/// assert_eq!(panic.message(), "nothing holds");
/// assert!(panic.location().is_some_and(|place| place.contains(".rs:"))); // file:line:column
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panic {
    message: Cow<'static, str>,
    location: Option<Arc<str>>,
}

impl Panic {
    /// The panic's message, or, when its payload is no text, that there is none.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// `file:line:column`, unless the program replaced the panic hook after the first process was started.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// Of a task of the crate's own, which is a bug. Its payload is the runtime's.
    #[cold]
    pub(crate) fn of_a_task() -> Self {
        Self {
            message: Cow::Borrowed("the server's task panicked"),
            location: take_location(),
        }
    }

    /// Takes a caught payload apart. The payload itself is dropped here, guarded: its destructor may panic too.
    pub(crate) fn from_payload(payload: Box<dyn Any + Send>) -> Self {
        let message = if let Some(text) = payload.downcast_ref::<&'static str>() {
            Cow::Borrowed(*text)
        } else if let Some(text) = payload.downcast_ref::<String>() {
            Cow::Owned(text.clone())
        } else {
            Cow::Borrowed("a panic without a message")
        };
        discard(payload);
        Self {
            message,
            location: take_location(),
        }
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a handler panicked: {}", self.message)?;
        match &self.location {
            Some(location) => write!(f, ", at {location}"),
            None => Ok(()),
        }
    }
}

/// The place of the last panic on this thread.
struct PanicPlace {
    line: u32,
    column: u32,
    /// `file:line:column`
    text: Arc<str>,
    /// Nobody has asked for it yet.
    fresh: bool,
}

crate::sync::thread_local! {
    static PLACE: RefCell<Option<PanicPlace>> = const { RefCell::new(None) };
}

/// Chains a panic hook in front of the program's: std tells the place of a panic to the hook only.
pub(crate) fn install_hook(runs_user_code: fn() -> bool) {
    static INSTALLED: std::sync::Once = std::sync::Once::new();
    INSTALLED.call_once(|| {
        let next = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if runs_user_code()
                && let Some(location) = info.location()
            {
                let _gone = PLACE.try_with(|place| remember(&mut place.borrow_mut(), location));
            }
            next(info);
        }));
    });
}

/// What crashes again and again does so at one place, whose text is there already.
fn remember(last: &mut Option<PanicPlace>, location: &Location<'_>) {
    let (line, column) = (location.line(), location.column());
    match last {
        Some(place)
            if place.line == line
                && place.column == column
                && place
                    .text
                    .strip_prefix(location.file())
                    .is_some_and(|rest| rest.starts_with(':')) =>
        {
            place.fresh = true;
        }
        _ => {
            *last = Some(PanicPlace {
                line,
                column,
                text: location.to_string().into(),
                fresh: true,
            });
        }
    }
}

pub(crate) fn take_location() -> Option<Arc<str>> {
    PLACE
        .try_with(|place| {
            let mut place = place.borrow_mut();
            let place = place.as_mut().filter(|place| place.fresh)?;
            place.fresh = false;
            Some(Arc::clone(&place.text))
        })
        .ok()
        .flatten()
}
