//! `ServerState`: what the state of a server has to be.

/// The state of a server is owned and `Send`: it runs on whichever thread is free.
///
/// `#[genserver]` implements it, and nothing else need. The compiler looks for `Send` there, and nowhere else in the generated code:
/// a state that is not makes one error, which ends with the line below. So the line says what to do.
///
/// ```
/// use suptree::ServerState;
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Cache(Option<String>);
///
/// #[genserver]
/// impl Cache {
///     #[call]
///     fn get(&self) -> Option<String> {
///         self.0.clone()
///     }
/// }
///
/// fn is_a_state<S: for<'any> ServerState<'any>>(_: &S) {}
/// is_a_state(&Cache::default());
/// ```
///
/// The lifetime has no meaning. It lets the generated code require the trait where the compiler would otherwise look again.
pub trait ServerState<'any>:
    Send // `Arc` for `Rc`, `Mutex` for a shared `Cell`, `Box<dyn Backend + Send>` for `Box<dyn Backend>`, `T: Send`
    + 'static
{
}
