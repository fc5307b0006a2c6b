//! `Failed`: the error of a call or a cast whose arguments were to be kept, with those of a message that was not sent.

use std::any::Any;
use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::guard::discard;

/// Why a call or a cast failed: an error of the type `E`; and the arguments of the handler, of the type `A`, if the
/// message was refused before it entered a mailbox. What [`Call::keep_args`](crate::Call::keep_args) and
/// [`Cast::keep_args`](crate::Cast::keep_args) give.
///
/// It dereferences to the plain error, compares with it, and shows as it does. `?` makes a plain error of it where a
/// function returns one, and the arguments are dropped then.
///
/// ```
/// # use suptree::prelude::*;
/// # #[derive(Default)] struct Cache(Option<String>);
/// # #[genserver(name = "cache")]
/// # impl Cache { #[cast] fn save(&mut self, new: String) { self.0 = Some(new); } }
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let error = Cache::named().save("hola").keep_args().await.unwrap_err();
/// assert_eq!(error, CastError::NoProc);
/// assert_eq!(error.into_args(), Some("hola".to_owned()));
/// # }
/// ```
pub struct Failed<E, A> {
    inner: Box<Inner<E>>,
    args: PhantomData<fn() -> A>,
}

struct Inner<E> {
    error: E,
    args: Args,
}

/// Arguments that came back, whatever their type. Never locked: the lock lets an error be shared that has some.
struct Args(std::sync::Mutex<Option<Box<dyn Any + Send>>>);

impl Args {
    const fn new(args: Option<Box<dyn Any + Send>>) -> Self {
        Self(std::sync::Mutex::new(args))
    }

    fn take(&mut self) -> Option<Box<dyn Any + Send>> {
        self.0
            .get_mut()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take()
    }
}

impl Drop for Args {
    fn drop(&mut self) {
        if let Some(args) = self.take() {
            discard(args);
        }
    }
}

impl<E, A> Failed<E, A> {
    fn new(error: E, args: Option<Box<dyn Any + Send>>) -> Self {
        Self {
            inner: Box::new(Inner {
                error,
                args: Args::new(args),
            }),
            args: PhantomData,
        }
    }

    /// The message was refused, and its arguments come back.
    #[cold]
    pub(crate) fn refused(error: E, args: Option<A>) -> Self
    where
        A: Send + 'static,
    {
        match args {
            Some(args) => Self::new(error, Some(Box::new(args))),
            None => Self::new(error, None),
        }
    }

    /// The arguments of the handler: the one argument, or a tuple of them. `None`: the message was sent, and what has
    /// entered a mailbox may still be handled.
    #[must_use]
    pub fn into_args(mut self) -> Option<A>
    where
        A: 'static,
    {
        self.inner
            .args
            .take()
            .and_then(|args| args.downcast().ok())
            .map(|args| *args)
    }

    /// The plain error. The arguments are dropped. `?` and `CallError::from` do the same.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Cache(Option<String>);
    /// # #[genserver(name = "cache")]
    /// # impl Cache { #[call] fn get(&self) -> Option<String> { self.0.clone() } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cached = match Cache::named().get().keep_args().await.map_err(|failed| failed.into_error()) {
    ///     Ok(cached) => cached,
    ///     Err(CallError::NoProc) => None, // there is no cache
    ///     Err(error) => return Err(error.into()),
    /// };
    /// assert_eq!(cached, None);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_error(self) -> E {
        self.inner.error
    }
}

impl<E, A> Deref for Failed<E, A> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.inner.error
    }
}

/// An error without arguments.
impl<E, A> From<E> for Failed<E, A> {
    fn from(error: E) -> Self {
        Self::new(error, None)
    }
}

/// Compares the plain errors.
impl<E: PartialEq, A> PartialEq for Failed<E, A> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<E: PartialEq, A> PartialEq<E> for Failed<E, A> {
    fn eq(&self, other: &E) -> bool {
        **self == *other
    }
}

impl<E: fmt::Debug, A> fmt::Debug for Failed<E, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<E: fmt::Display, A> fmt::Display for Failed<E, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl<E: Error + 'static, A> Error for Failed<E, A> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        if ASKED.get() == Some(std::ptr::from_ref(self).cast()) {
            ASKED.set(None);
            Some(&**self)
        } else {
            self.inner.error.source()
        }
    }
}

thread_local! {
    /// The failure that is asked for its plain error. To all others who ask for its source it *is* the plain error, whose
    /// text would stand twice in a chain of sources. Whether it was a failure says that it takes this back.
    static ASKED: Cell<Option<*const ()>> = const { Cell::new(None) };
}

/// The plain error inside a failure, whatever its arguments are: `downcast_ref` finds it there. `None`: it is no failure.
pub(crate) fn plain<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    /// Takes the question back, also when somebody's `source` panics.
    struct Asked;

    impl Drop for Asked {
        fn drop(&mut self) {
            ASKED.set(None);
        }
    }

    ASKED.set(Some(std::ptr::from_ref(error).cast()));
    let _asked = Asked;
    let plain = error.source();
    if ASKED.get().is_none() { plain } else { None }
}
