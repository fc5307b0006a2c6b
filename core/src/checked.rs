//! `Checked`: a type of the user's, after a look at it in one place.
//!
//! Generated code names such a type many times, and each time the compiler asks again whether it is what it has to be. So it names
//! `Checked` instead, whose second parameter is a constant that asks, and whose value has no meaning. Where the compiler has an error
//! for the constant, it takes the whole type for one, and stays silent about it everywhere else: in the generated code, and in the
//! user's own.

use std::marker::PhantomData;

/// `T`. The constant asks what `T` has to be.
pub type Checked<T, const ASKED: usize> = <T as Check<ASKED>>::Itself;

/// What [`Checked`] is made of.
pub trait Check<const ASKED: usize> {
    /// The type, as it is.
    type Itself: ?Sized;
}

impl<T: ?Sized, const ASKED: usize> Check<ASKED> for T {
    type Itself = T;
}

/// `T`, to ask about, unless there is an error about `Other` already.
pub type After<T, Other> = <T as Follow<Other>>::Itself;

/// What [`After`] is made of.
pub trait Follow<Other: ?Sized> {
    /// The type, as it is.
    type Itself: ?Sized;
}

impl<T: ?Sized, Other: ?Sized> Follow<Other> for T {
    type Itself = T;
}

/// Asks about `T`: the compiler does so where this is called.
#[must_use]
pub const fn asked<T: ?Sized>() -> usize {
    0
}

/// What is asked of `T` by another name: the compiler then says what `T` is not, instead of what that would take.
#[derive(Debug)]
pub struct Of<T: ?Sized>(PhantomData<fn() -> T>);

/// `T: Clone`, of [`Of<T>`](Of).
pub trait IsClone {}

#[diagnostic::do_not_recommend]
impl<T: Clone> IsClone for Of<T> {}

/// Tells what a type is of which nothing else tells, which is an error: so that there is one. Nobody implements it.
pub trait Tells<'any> {
    /// The type.
    type Type;
}
