//! `MessagePart` and `TakenAlong`: what the arguments and replies of handlers have to be.

use crate::checked::Of;

/// What may travel in a message: an argument or a reply. Nothing else implements it.
///
/// ```
/// fn may_travel<T: suptree::MessagePart>(_: T) {}
/// may_travel(String::from("joe"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel in a message to a GenServer: it is not `Send + 'static`",
    label = "write a type that is owned and `Send`, such as `Arc` for `Rc`, or `dyn Trait + Send`: it moves to another task",
    note = "page: docs/errors/T001.md"
)]
pub trait MessagePart {
    #[doc(hidden)]
    type Itself: ?Sized;

    /// Compiles where the type may travel. A function of the trait's own: of one with a bound, rustc would show the bound, too.
    #[doc(hidden)]
    fn travels() {}
}

#[diagnostic::do_not_recommend]
impl<T> MessagePart for T
where
    Of<T>: IsMessagePart,
{
    type Itself = T;
}

/// What is not said of a type itself.
#[doc(hidden)]
pub trait IsMessagePart {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> IsMessagePart for Of<T> {}

/// The `N`th type that messages of the server `S`, or of its part `P`, take along: it is owned and `Send`.
///
/// `#[genserver]` implements it for the types of arguments and replies, and nothing else need. The compiler looks for `Send` there, and
/// nowhere else in the generated code: a type that is not makes one error, which ends with the line below. So the line says what to
/// do.
///
/// ```
/// use suptree::TakenAlong;
/// use suptree::prelude::*;
///
/// struct Page(String);
///
/// #[derive(Default)]
/// struct Press;
///
/// #[genserver]
/// impl Press {
///     #[call]
///     fn print(&self, page: Page) -> usize {
///         page.0.len()
///     }
/// }
///
/// fn is_taken_along<T: for<'any> TakenAlong<'any, Press, (), 0>>(_: &T) {}
/// is_taken_along(&Page("Hello".to_owned()));
/// ```
///
/// The lifetime has no meaning. It lets the generated code require the trait where the compiler would otherwise look again.
pub trait TakenAlong<'any, S: ?Sized, P: ?Sized, const N: usize>:
    Send // `Arc` for `Rc`, `Mutex` for a shared `Cell`, `Box<dyn Job + Send>` for `Box<dyn Job>`: it moves to another task
    + 'static
{
}

/// The `N`th question about a type that messages of this server, or of its part `P`, take along.
pub trait Asks<P: ?Sized, const N: usize> {
    /// Nothing, or an error.
    type Asked: ?Sized;
}
