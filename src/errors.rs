//! The errors of the macros: a page for each rule, with a program that breaks it, and the same one put right.
//!
//! An error says what is wrong, how it is put right, and last which page is about its rule:
//!
//! ```text
//! error: a handler cannot borrow its arguments
//!        help: an argument travels to the server's task, so it must be owned: `String` for `&str`, `Vec<T>` for `&[T]`
//!        page: docs/errors/G028.md
//! ```
//!
//! That page is [`suptree::errors::G028`] here, and a file of the repository there.
//!
//! A code stands for a rule, whatever the wording, and stays the same: those with `G` are rules of [`genserver`](macro@crate::genserver), `P` of
//! [`protocol`](macro@crate::protocol), `S` of [`supervisor!`](crate::supervisor!), `V` of options and their values in all of them, and `T`
//! of types.

macro_rules! pages {
    ($($code:ident)*) => {$(
        #[doc = include_str!(concat!("../docs/errors/", stringify!($code), ".md"))]
        #[allow(non_snake_case)] // It is the code's name.
        pub mod $code {}
    )*};
}

pages! {
    G001 G002 G003 G004 G005 G006 G007 G008 G009 G010 G011 G012 G013 G014 G015 G016 G017 G018 G019
    G020 G021 G022 G023 G024 G025 G026 G027 G028 G029 G030 G031 G032 G033 G034 G035 G036 G037 G038 P001 P002
    P003 P004 P005 P006 P007 P008 P009 P010 P011 P012 P013 P014 P015 P016 P017 P018 S001 S002 S003 S004 S005
    S006 S007 S008 S009 S010 S011 S012 S013 S014 S015 S016 S017 S018 S019 S020 S021 S022 S023 S024
    S025 S026 S027 S028 S029 S030 T001 T002 T003 T004 T005 T006 T007 T008 T009 T010 T011 T012 T013 T014 T015 T016
    T017 T018 T019 T020 T021 T022 T023 T024 T025 T026 T027 T028 T029 V001 V002 V003 V004 V005 V006 V007 V008 V009 V010
    V011 V012 V013
}
