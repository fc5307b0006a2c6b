//! The arguments of a child in `supervisor!`: what `Counter(1)` calls.
//!
//! `#[genserver]` and `supervisor!` generate a function `__args` with the parameters of `#[init]`, so that the compiler's error
//! names the one that is wrong. A child written by hand has none, and is found here by the number of its arguments: an inherent
//! function goes first.

use std::marker::PhantomData;

use crate::arg::IntoArg;
use crate::child::Restart;
use crate::supervisor::child_spec::startable::{Child, Restartable};

/// What a child `C` can be started with: its `Args`, or what becomes them.
#[diagnostic::on_unimplemented(
    message = "`{C}` cannot be a child of a supervisor, started with `{Self}`",
    label = "not a GenServer or supervisor that is started with `{Self}`",
    note = "annotate its impl block with `#[genserver]`, or declare it with `supervisor!`",
    note = "page: docs/errors/T010.md"
)]
pub trait ArgsOf<C: Child> {
    /// As the child has them.
    fn into_args(self) -> C::Args;
}

#[diagnostic::do_not_recommend]
impl<C: Child, A: IntoArg<C::Args>> ArgsOf<C> for A {
    fn into_args(self) -> C::Args {
        self.into_arg()
    }
}

// Each has the function under the same name, so that it is all that generated code says; one of them is in scope at a time. Every type
// has them: where the bounds of a generic child are not met, its own function is not found, and the error is to be about the bound.

/// A child without arguments.
pub trait Args0: Sized {
    /// The arguments as one value.
    #[must_use]
    fn __args() -> <Self as Child>::Args
    where
        Self: Child,
        (): ArgsOf<Self>,
    {
        ().into_args()
    }
}

impl<C> Args0 for C {}

/// A child with one argument.
pub trait Args1: Sized {
    /// The arguments as one value.
    fn __args<A>(args: A) -> <Self as Child>::Args
    where
        Self: Child,
        A: ArgsOf<Self>,
    {
        args.into_args()
    }
}

impl<C> Args1 for C {}

/// A child with two arguments.
pub trait Args2: Sized {
    /// The arguments as one value.
    fn __args<A, B>(first: A, second: B) -> <Self as Child>::Args
    where
        Self: Child,
        (A, B): ArgsOf<Self>,
    {
        (first, second).into_args()
    }
}

impl<T> Args2 for T {}

/// A child with three arguments.
pub trait Args3: Sized {
    /// The arguments as one value.
    fn __args<A, B, C>(first: A, second: B, third: C) -> <Self as Child>::Args
    where
        Self: Child,
        (A, B, C): ArgsOf<Self>,
    {
        (first, second, third).into_args()
    }
}

impl<T> Args3 for T {}

/// A child with four arguments.
pub trait Args4: Sized {
    /// The arguments as one value.
    fn __args<A, B, C, D>(first: A, second: B, third: C, fourth: D) -> <Self as Child>::Args
    where
        Self: Child,
        (A, B, C, D): ArgsOf<Self>,
    {
        (first, second, third, fourth).into_args()
    }
}

impl<T> Args4 for T {}

/// Something in a child list. Which `child` is meant, the one of its own or the one of [`NoChild`], is found by method resolution:
/// what is no child at all makes an error where it is started, and none here.
#[derive(Debug)]
pub struct Listed<C>(PhantomData<fn() -> C>);

impl<C> Listed<C> {
    /// A type in a child list.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "for generated code alone")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<C: Child> Listed<C> {
    /// When it is restarted unless told otherwise.
    pub const RESTART: Option<Restart> = C::RESTART;

    /// It is a child.
    #[must_use]
    pub const fn child(self) -> Self {
        self
    }

    /// Every restart needs the arguments again.
    pub const fn is_restartable(self)
    where
        C: Restartable,
    {
    }
}

/// The half of [`Listed`] for what is no child.
pub trait NoChild: Sized {
    /// There is an error already.
    const RESTART: Option<Restart> = None;

    /// There is an error already.
    fn child(self) -> NotListed;
}

impl<C> NoChild for Listed<C> {
    fn child(self) -> NotListed {
        NotListed
    }
}

/// Panics, while compiling, if a child is restarted whatever its end is.
#[track_caller]
pub const fn require_significant(restart: Option<Restart>) {
    assert!(
        !matches!(restart, Some(Restart::Permanent)),
        "a permanent child cannot be significant: it never ends for good\nhelp: write `restart: transient` or `restart: temporary` beside it\npage: docs/errors/S020.md"
    );
}

/// What is no child.
#[derive(Clone, Copy, Debug)]
pub struct NotListed;

impl NotListed {
    /// No second error.
    pub const fn is_restartable(self) {}
}
