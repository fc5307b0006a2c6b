//! The procedural macros of `suptree`: `#[genserver]`, and what `supervisor!` forwards to.
//!
//! Use them through the facade crate `suptree`, where their documentation is. Each macro is a pipeline: parse → model →
//! check → expand.

#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod carry;
mod checked;
mod code;
mod diag;
mod entries;
mod genserver;
mod head;
mod naming;
mod protocol;
mod room;
mod supervisor;
mod tokens;
mod types;
mod values;
mod words;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
mod tests;

use proc_macro::TokenStream;

/// Turns an inherent impl block into a GenServer with a typed client; documented in the facade crate.
#[proc_macro_attribute]
pub fn genserver(options: TokenStream, item: TokenStream) -> TokenStream {
    genserver::expand(options.into(), item.into()).into()
}

/// Makes a trait a protocol that servers speak; documented in the facade crate.
#[proc_macro_attribute]
pub fn protocol(options: TokenStream, item: TokenStream) -> TokenStream {
    protocol::expand(options.into(), item.into()).into()
}

/// Declares a supervisor: `[crate path] declaration`. The facade's `supervisor!` forwards here with its own `$crate`.
#[proc_macro]
pub fn supervisor(input: TokenStream) -> TokenStream {
    supervisor::expand(input.into()).into()
}
