//! `IntoArgs`: the arguments of a child, given as one value; and what a supervisor puts before them.

use crate::arg::IntoArg;

/// The arguments are one value of a type `T`: that of a child with one argument or none, or with a type of its own for them.
///
/// It is what [`Cloned`](crate::Cloned) and [`Once`](crate::Once) are without a word.
#[derive(Debug)]
pub enum Whole {}

/// The arguments are a tuple, of which each part is given as an [`IntoArg`].
#[derive(Debug)]
pub enum Each {}

/// A value for the arguments `T` of a child: an [`IntoArg`] where there is one, a tuple of them where there are more. What
/// `start_child` takes, so that it converts as `start_link` does. `F` is [`Whole`] or [`Each`]; the child's type says which.
///
/// ```
/// use suptree::prelude::*;
///
/// struct Room(String, u64);
///
/// #[genserver]
/// impl Room {
///     #[init]
///     fn init(topic: String, seats: u64) -> Self {
///         Self(topic, seats)
///     }
///
///     #[call]
///     fn sign(&self) -> String {
///         format!("{}: {} seats", self.0, self.1)
///     }
/// }
///
/// supervisor! { Rooms { dynamic: Room } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let rooms = Rooms::start_link().await?;
/// let room = rooms.start_child(("rust", 7)).await?;
/// assert_eq!(room.sign().await?, "rust: 7 seats");
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given where the arguments `{T}` are expected",
    label = "expected `{T}`",
    note = "it is one value, several arguments one tuple: `start_child((first, second))`",
    note = "page: docs/errors/T019.md"
)]
pub trait IntoArgs<T, F> {
    /// The arguments, as the child has them.
    fn into_args(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T, A: IntoArg<T>> IntoArgs<T, Whole> for A {
    fn into_args(self) -> T {
        self.into_arg()
    }
}

/// What is given has the shape of the arguments: any value where they are [`Whole`], a tuple of as many parts where it is [`Each`].
///
/// It has no method. rustc reads from it that a tuple is expected before it looks at what is given, so that several arguments
/// without the tuple's parentheses are one error, which shows them. Who hands arguments on asks for it beside [`IntoArgs`]:
///
/// ```
/// use suptree::{ArgsShape, DynamicSupervisorRef, Each, IntoArgs, StartChildError};
/// # use suptree::prelude::*;
/// # struct Room(String, u64);
/// # #[genserver] impl Room { #[init] fn init(topic: String, seats: u64) -> Self { Self(topic, seats) } }
///
/// async fn open<A>(rooms: &DynamicSupervisorRef<Room>, args: A) -> Result<RoomClient, StartChildError>
/// where
///     A: IntoArgs<(String, u64), Each>,
///     Each: ArgsShape<(String, u64), A>,
/// {
///     rooms.start_child(args).await
/// }
/// # supervisor! { Rooms { dynamic: Room } }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let rooms = Rooms::start_link().await?;
/// # assert!(open(&rooms, ("rust", 7)).await?.is_alive());
/// # Ok(()) }
/// ```
pub trait ArgsShape<T, A> {}

impl<T, A> ArgsShape<T, A> for Whole {}

macro_rules! each {
    ($($given:ident $wanted:ident),*) => {
        impl<$($given, $wanted),*> ArgsShape<($($wanted,)*), ($($given,)*)> for Each {}

        #[diagnostic::do_not_recommend]
        impl<$($given: IntoArg<$wanted>, $wanted),*> IntoArgs<($($wanted,)*), Each> for ($($given,)*) {
            #[expect(non_snake_case, reason = "each part is called like its type")]
            fn into_args(self) -> ($($wanted,)*) {
                let ($($given,)*) = self;
                ($($given.into_arg(),)*)
            }
        }
    };
}

each!(A1 T1, A2 T2);
each!(A1 T1, A2 T2, A3 T3);
each!(A1 T1, A2 T2, A3 T3, A4 T4);
each!(A1 T1, A2 T2, A3 T3, A4 T4, A5 T5);
each!(A1 T1, A2 T2, A3 T3, A4 T4, A5 T5, A6 T6);
each!(A1 T1, A2 T2, A3 T3, A4 T4, A5 T5, A6 T6, A7 T7);
each!(A1 T1, A2 T2, A3 T3, A4 T4, A5 T5, A6 T6, A7 T7, A8 T8);
each!(A1 T1, A2 T2, A3 T3, A4 T4, A5 T5, A6 T6, A7 T7, A8 T8, A9 T9);
each!(A1 T1, A2 T2, A3 T3, A4 T4, A5 T5, A6 T6, A7 T7, A8 T8, A9 T9, A10 T10);
each!(A1 T1, A2 T2, A3 T3, A4 T4, A5 T5, A6 T6, A7 T7, A8 T8, A9 T9, A10 T10, A11 T11);
each!(A1 T1, A2 T2, A3 T3, A4 T4, A5 T5, A6 T6, A7 T7, A8 T8, A9 T9, A10 T10, A11 T11, A12 T12);

/// Arguments that begin with the extra arguments `E`, a tuple, of a dynamic supervisor; `F` is [`Whole`] or [`Each`].
///
/// ```
/// use suptree::{Each, ExtraBefore};
///
/// type Args = (String, String, u64);
/// let args = <Args as ExtraBefore<(String,), Each>>::join(("east".into(),), ("rust".into(), 7));
/// assert_eq!(args, ("east".into(), "rust".into(), 7));
/// ```
#[diagnostic::on_unimplemented(
    message = "the arguments `{Self}` of a child do not begin with the extra arguments `{E}` of its supervisor",
    label = "expected `{E}` first",
    note = "the first parameters of the child's `init` have the types of the supervisor's `extra_arguments`, in their order",
    note = "page: docs/errors/T013.md"
)]
pub trait ExtraBefore<E, F> {
    /// What is left for a child to be given.
    type Own: Send + 'static;
    /// How it is given.
    type Form;

    /// All arguments of a child.
    fn join(extra: E, own: Self::Own) -> Self;
}

macro_rules! extra {
    (($($extra:ident)*) $form:ident ($all:ty) own $own_form:ident ($own:ty) $own_name:pat => $joined:expr; $($param:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($extra,)* $($param: Send + 'static),*> ExtraBefore<($($extra,)*), $form> for $all {
            type Own = $own;
            type Form = $own_form;

            #[expect(non_snake_case, reason = "each part is called like its type")]
            fn join(($($extra,)*): ($($extra,)*), $own_name: $own) -> Self {
                $joined
            }
        }
    };
}

macro_rules! extras {
    ($($extra:ident)*) => {
        extra!(($($extra)*) Each (($($extra,)* A,)) own Whole (A) own => ($($extra,)* own,); A);
        extra!(($($extra)*) Each (($($extra,)* A, B)) own Each ((A, B)) (A, B) => ($($extra,)* A, B); A B);
        extra!(($($extra)*) Each (($($extra,)* A, B, C)) own Each ((A, B, C)) (A, B, C) => ($($extra,)* A, B, C); A B C);
        extra!(($($extra)*) Each (($($extra,)* A, B, C, D)) own Each ((A, B, C, D)) (A, B, C, D) => ($($extra,)* A, B, C, D); A B C D);
        extra!(($($extra)*) Each (($($extra,)* A, B, C, D, F)) own Each ((A, B, C, D, F)) (A, B, C, D, F) => ($($extra,)* A, B, C, D, F); A B C D F);
        extra!(($($extra)*) Each (($($extra,)* A, B, C, D, F, G)) own Each ((A, B, C, D, F, G)) (A, B, C, D, F, G) => ($($extra,)* A, B, C, D, F, G); A B C D F G);
    };
}

extra!((E1) Whole (E1) own Whole (()) () => E1;);
extra!((E1 E2) Each ((E1, E2)) own Whole (()) () => (E1, E2););
extra!((E1 E2 E3) Each ((E1, E2, E3)) own Whole (()) () => (E1, E2, E3););
extra!((E1 E2 E3 E4) Each ((E1, E2, E3, E4)) own Whole (()) () => (E1, E2, E3, E4););
extras!(E1);
extras!(E1 E2);
extras!(E1 E2 E3);
extras!(E1 E2 E3 E4);

#[cfg(test)]
mod tests {
    use super::*;

    fn given<T, F>(args: impl IntoArgs<T, F>) -> T {
        args.into_args()
    }

    #[test]
    fn each_argument_is_converted() {
        let (topic, seats): (String, u64) = given::<_, Each>(("rust", 7));
        assert_eq!((topic.as_str(), seats), ("rust", 7));
        assert_eq!(given::<(String, u64), Whole>(("rust".to_owned(), 7)).1, 7);
        assert_eq!(given::<String, Whole>("rust"), "rust");
    }

    #[test]
    fn extra_arguments_come_first() {
        type Args = (u8, char, String);
        assert_eq!(
            <Args as ExtraBefore<(u8,), Each>>::join((1,), ('b', "c".into())),
            (1, 'b', "c".into())
        );
        assert_eq!(
            <Args as ExtraBefore<(u8, char), Each>>::join((1, 'b'), "c".into()),
            (1, 'b', "c".into())
        );
        assert_eq!(<u8 as ExtraBefore<(u8,), Whole>>::join((1,), ()), 1);
    }
}
