//! `#[genserver]`: from the options and an impl block to the block itself, a client, and an implementation of `GenServer`.

mod args;
mod call_options;
mod check;
mod expand;
mod helpers;
mod kept;
mod keyword;
mod lower;
mod model;
mod not_an_impl;
mod parse;
mod parts;
mod role;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;

use self::args::Options;
use self::parse::ServerImpl;
use crate::diag::Errors;
use crate::naming;

/// The whole pipeline. With errors the output still has everything that is sound, so that no second error follows.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let options = Options::parse(naming::plain(options), &mut errors);
    let output = match ServerImpl::parse.parse2(item.clone()) {
        Err(error) => {
            errors.push(error);
            helpers::without_roles(item)
        }
        Ok(Err(not)) => {
            not_an_impl::report(&item, &not, &mut errors);
            helpers::without_roles(item)
        }
        Ok(Ok(mut block)) => {
            let warnings = keyword::warnings(&item, options.part.is_some());
            helpers::stands_once(&mut block.attributes, &options, &mut errors);
            let (item, server) = lower::lower(block, options, &mut errors);
            let generated = server.and_then(|mut server| {
                let is_server = check::check(&mut server, &mut errors);
                is_server.then(|| expand::expand(&server))
            });
            quote!(#item #generated #warnings)
        }
    };
    let errors = errors.into_tokens();
    quote!(#output #errors)
}
