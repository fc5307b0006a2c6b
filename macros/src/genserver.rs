//! `#[genserver]`: from the options and an impl block to the block itself, a client, and an implementation of `GenServer`.

mod args;
mod call_options;
mod check;
mod expand;
mod helpers;
mod lower;
mod model;
mod parse;
mod parts;
mod role;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::parse::Parser;

use self::args::Options;
use self::parse::{NotAnImpl, ServerImpl};
use crate::code;
use crate::diag::Errors;

/// The whole pipeline. With errors the output still has everything that is sound, so that no second error follows.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let options = Options::parse(options, &mut errors);
    let output = match ServerImpl::parse.parse2(item.clone()) {
        Err(error) => {
            errors.push(error);
            item
        }
        Ok(Err(not)) => {
            not_an_impl(&item, &not, &mut errors);
            item
        }
        Ok(Ok(block)) => {
            let (item, server) = lower::lower(block, options, &mut errors);
            let generated = server.and_then(|mut server| {
                let is_server = check::check(&mut server, &mut errors);
                is_server.then(|| expand::expand(&server))
            });
            quote!(#item #generated)
        }
    };
    let errors = errors.into_tokens();
    quote!(#output #errors)
}

fn not_an_impl(item: &TokenStream, not: &NotAnImpl, errors: &mut Errors) {
    const HOW: &str = "write `#[genserver]` on `impl MyServer { .. }`, the block with the handlers";
    match not {
        NotAnImpl::OfTrait(of) => errors.at(
            code::NOT_AN_IMPL,
            of,
            "`#[genserver]` is for a type's own methods, not for those of a trait",
            HOW,
        ),
        NotAnImpl::Other => errors.at(
            code::NOT_AN_IMPL,
            first_word(item),
            "`#[genserver]` is for an impl block",
            HOW,
        ),
    }
}

/// The first keyword of an item, after its attributes.
fn first_word(item: &TokenStream) -> Option<Ident> {
    item.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident),
        _ => None,
    })
}
