//! `Panic`: a panic that ended a process. Its message, and the place that the panic hook remembered.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::{self, Write as _};
use std::hash::BuildHasher as _;
use std::panic::Location;
use std::sync::Once;

use foldhash::fast::FixedState;

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
#[derive(Clone, PartialEq, Eq)]
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

    /// `file:line:column`. `None` where it is not known: the program replaced the panic hook after the first process was
    /// started, or user code passed on a panic from elsewhere, by [`resume_unwind`](std::panic::resume_unwind).
    ///
    /// Where user code catches a panic and, before it waits again, passes on another one with the same message from elsewhere, it is the
    /// place of the one that was caught: no payload knows its place, and the two look alike.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// Of a task of the crate's own, which is a bug. Its payload is the runtime's.
    #[cold]
    pub(crate) fn of_a_task() -> Self {
        Self {
            message: Cow::Borrowed("the server's task panicked"),
            location: None,
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
        let location = place_of(&*payload);
        discard(payload);
        Self { message, location }
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it panicked: {}", self.message)?;
        match &self.location {
            Some(location) => write!(f, ", at {location}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Panic")
            .field("message", &Quoted(&self.message))
            .field("location", &self.location)
            .finish()
    }
}

/// A message in quotes. A caller that unwraps the error of its call panics with this text inside its own, and so do its
/// callers: so it is cut, and nothing in it is escaped that would be escaped again, and double, each time.
struct Quoted<'a>(&'a str);

impl Quoted<'_> {
    /// The most that is shown, in bytes.
    const LONGEST: usize = 1024;
}

impl fmt::Debug for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for (at, char) in self.0.char_indices() {
            if at >= Self::LONGEST {
                f.write_char('…')?;
                break;
            }
            if char.is_control() {
                write!(f, "{}", char.escape_default())?;
            } else {
                f.write_char(char)?;
            }
        }
        f.write_char('"')
    }
}

/// A panic that the hook saw on this thread, in user code of ours. Whether it is the one that is caught in the end shows
/// by its payload alone: user code may have caught it, and may pass on another one that the hook never sees.
struct Seen {
    payload: Identity,
    depth: u32,
    place: Arc<str>,
}

/// What tells one payload from another while both may be around. A text keeps its bytes where they are on its way from
/// the hook to the catch; of any other payload only the type shows.
#[derive(PartialEq, Eq)]
enum Identity {
    Text { at: usize, length: usize, hash: u64 },
    Type(TypeId),
}

impl Identity {
    fn of(payload: &(dyn Any + Send)) -> Self {
        let text = if let Some(text) = payload.downcast_ref::<&'static str>() {
            *text
        } else if let Some(text) = payload.downcast_ref::<String>() {
            text
        } else {
            return Self::Type(payload.type_id());
        };
        Self::Text {
            at: text.as_ptr().addr(),
            length: text.len(),
            hash: FixedState::default().hash_one(text),
        }
    }
}

/// What panicked on this thread, from the outermost handler that runs here to the innermost.
struct Places {
    seen: Vec<Seen>,
    /// What crashes again and again does so at one place, whose text is there already.
    last: Option<PlaceText>,
    noted: Option<fn() -> Option<u32>>,
}

struct PlaceText {
    line: u32,
    column: u32,
    /// `file:line:column`
    text: Arc<str>,
}

crate::sync::thread_local! {
    static PLACES: RefCell<Places> = const { RefCell::new(Places { seen: Vec::new(), last: None, noted: None }) };
}

/// How the hook, and what catches a panic, know which handler runs.
#[derive(Clone, Copy)]
pub(crate) struct Handlers {
    /// Notes that the handler that runs has panicked: how deep it is, and whether this is its first. `None`: none runs.
    pub(crate) note: fn() -> Option<(u32, bool)>,
    /// How deep the handler is that runs, if it has panicked.
    pub(crate) noted: fn() -> Option<u32>,
}

/// Chains a panic hook in front of the program's: std tells the place of a panic to the hook only.
#[inline]
pub(crate) fn install_hook(handlers: Handlers) {
    if !INSTALLED.is_completed() {
        install_hook_once(handlers);
    }
}

static INSTALLED: Once = Once::new();

#[cold]
#[inline(never)]
fn install_hook_once(handlers: Handlers) {
    // std lets no thread set a hook that unwinds. The next start installs it; until then reports have no places.
    if std::thread::panicking() {
        return;
    }
    INSTALLED.call_once(|| {
        let next = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if crate::rt::probe::is_answer() {
                return;
            }
            if let (Some(noted), Some(location)) = ((handlers.note)(), info.location()) {
                see(
                    Identity::of(info.payload()),
                    noted,
                    handlers.noted,
                    location,
                );
            }
            next(info);
        }));
    });
}

fn see(
    payload: Identity,
    (depth, first): (u32, bool),
    noted: fn() -> Option<u32>,
    location: &Location<'_>,
) {
    /// So many that were caught by user code are kept, should it pass one on.
    const MOST: usize = 16;
    let _gone = PLACES.try_with(|places| {
        let Ok(mut places) = places.try_borrow_mut() else {
            return;
        };
        // What is left of handlers that ran before.
        places
            .seen
            .retain(|seen| seen.depth < depth || seen.depth == depth && !first);
        if places.seen.len() == MOST {
            places.seen.remove(0);
        }
        let place = places.text(location);
        places.noted = Some(noted);
        places.seen.push(Seen {
            payload,
            depth,
            place,
        });
    });
}

impl Places {
    fn text(&mut self, location: &Location<'_>) -> Arc<str> {
        let (line, column) = (location.line(), location.column());
        match &self.last {
            Some(last)
                if last.line == line
                    && last.column == column
                    && last
                        .text
                        .strip_prefix(location.file())
                        .is_some_and(|rest| rest.starts_with(':')) =>
            {
                Arc::clone(&last.text)
            }
            _ => {
                let text: Arc<str> = location.to_string().into();
                self.last = Some(PlaceText {
                    line,
                    column,
                    text: Arc::clone(&text),
                });
                text
            }
        }
    }
}

/// Where the panic with this payload happened, if the hook saw it in the handler that runs.
fn place_of(payload: &(dyn Any + Send)) -> Option<Arc<str>> {
    PLACES
        .try_with(|places| {
            let places = places.try_borrow().ok()?;
            let depth = (places.noted?)()?;
            let payload = Identity::of(payload);
            let is = |seen: &Seen| seen.depth == depth && seen.payload == payload;
            let mut found = places.seen.iter().filter(|seen| is(seen));
            let place = &found.next()?.place;
            // The same constant text, or type, from several places: nobody can tell which of them this is.
            found
                .all(|other| other.place == *place)
                .then(|| Arc::clone(place))
        })
        .ok()
        .flatten()
}
