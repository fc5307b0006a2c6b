//! Applications: a program that is its supervision trees. They are started, run until they end or the operating system wants the
//! program to stop, and are stopped in order, within a bound.

// What is declared.
mod builder;
// What is done.
mod part;
mod program;
mod report;

pub use self::builder::{Application, Run};
