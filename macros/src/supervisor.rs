//! `supervisor!`: from a declaration to a type with typed children, and its implementation of `Supervisor`.

mod check;
mod expand;
mod lower;
mod model;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Errors;
use crate::naming;

/// The whole pipeline. What can be read of a half-typed declaration is expanded, beside the errors.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let output = parse::parse(naming::plain(input), &mut errors).map(|mut supervisor| {
        check::check(&mut supervisor, &mut errors);
        lower::lower(&mut supervisor);
        expand::expand(&supervisor)
    });
    let errors = errors.into_tokens();
    quote!(#output #errors)
}
