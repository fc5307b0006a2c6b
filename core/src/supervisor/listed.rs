//! `ChildIn` and `ArgIn`: the children and arguments that a supervisor is declared with, each looked at in one place.

use crate::checked::Of;

/// The `N`th child of the supervisor `S`, implemented by its type: [`Checked`](crate::checked::Checked), so that a type that cannot be
/// one makes one error, where it is listed.
pub trait ChildIn<S: ?Sized, const N: usize> {
    /// The type itself, after a look whether it is a child at all.
    type Listed;
    /// What the supervisor keeps of it: its handle, or those of a list, or a reference to a supervisor that has many. Little is asked for it:
    /// who asks what a supervisor is made of, whether it is `Send`, say, may himself be asked about.
    type Kept;
    /// The type itself, after a look at its arguments.
    type Child;
    /// What the supervisor gives to others: what it keeps.
    type Given;
}

/// The `N`th argument of the supervisor `S`, implemented by its type. The same as [`ChildIn`].
pub trait ArgIn<S: ?Sized, const N: usize> {
    /// The type itself.
    type Arg;
}

/// What the arguments of a supervisor have to be. Nothing else implements it.
///
/// ```
/// fn may_be_given<A: suptree::SupervisorArg>(_: A) {}
/// may_be_given(String::from("redis://localhost"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a supervisor: it is not `Clone + Send + 'static`",
    label = "derive `Clone` for it, or share it by `Arc`: every restart needs it again, on whichever thread",
    note = "page: docs/errors/T014.md"
)]
pub trait SupervisorArg {
    #[doc(hidden)]
    type Itself;
}

#[diagnostic::do_not_recommend]
impl<T> SupervisorArg for T
where
    Of<T>: IsSupervisorArg,
{
    type Itself = T;
}

/// What is not said of an argument itself.
#[doc(hidden)]
pub trait IsSupervisorArg {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + 'static> IsSupervisorArg for Of<T> {}
