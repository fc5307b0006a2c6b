//! `supervisor!`: from a declaration to a type with typed children, and its implementation of `Supervisor`.

mod cases;
mod check;
mod expand;
mod lower;
mod model;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use self::cases::{Assumed, Found};
use self::model::Supervisor;
use crate::diag::Errors;
use crate::naming;

/// The whole pipeline. What can be read of a half-typed declaration is expanded, beside the errors.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input = naming::plain(input);
    let mut errors = Errors::default();
    let Some(supervisor) = parse::parse(input.clone(), &Assumed::default(), &mut errors) else {
        return errors.into_tokens();
    };
    let mut beyond = Errors::default();
    let Some(cases) = cases::cases(&supervisor, &mut beyond) else {
        let output = declared(supervisor, &mut errors);
        let errors = errors.into_tokens();
        return quote!(#output #errors);
    };
    let mut found = Found::default();
    let outputs = cases.iter().map(|(assumed, condition)| {
        let mut errors = Errors::default();
        let output = parse::parse(input.clone(), assumed, &mut errors).map(|mut supervisor| {
            supervisor.only_if(condition);
            declared(supervisor, &mut errors)
        });
        found.add(errors, condition);
        output
    });
    let outputs: TokenStream = outputs.flatten().collect();
    let (errors, beyond) = (found.into_tokens(cases.len()), beyond.into_tokens());
    quote!(#outputs #errors #beyond)
}

fn declared(mut supervisor: Supervisor, errors: &mut Errors) -> TokenStream {
    if !check::check(&mut supervisor, errors) {
        return TokenStream::new();
    }
    lower::lower(&mut supervisor);
    expand::expand(&supervisor)
}
