//! `#[call(..)]`: from the tokens in the parentheses to [`CallOptions`].

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Meta};

use crate::diag::Errors;
use crate::entries::{self, Entry, put};
use crate::values;

/// What a call says of itself; `None` where nothing was said.
#[derive(Default)]
pub(crate) struct CallOptions {
    /// How long callers wait unless they say otherwise: an expression of type `Option<Duration>`.
    pub(crate) timeout: Option<TokenStream>,
}

/// The options there are.
const OPTIONS: &[Entry<CallOptions>] = &[Entry::value("timeout", "30s", |options, input, _| {
    put(&mut options.timeout, values::timeout(input))
})];

impl CallOptions {
    /// Reads the options of a call; one that cannot be read is reported and left out.
    pub(crate) fn parse(attribute: &Attribute, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        match &attribute.meta {
            Meta::Path(_) => {}
            Meta::List(list) => {
                let parser = |input: ParseStream<'_>| {
                    entries::read_all(OPTIONS, &mut options, input, errors);
                    Ok(())
                };
                let result = parser.parse2(list.tokens.clone());
                errors.take(result);
            }
            meta @ Meta::NameValue(_) => errors.at(
                meta,
                "the options of a call stand in parentheses",
                "write `#[call(timeout = 30s)]`, for example",
            ),
        }
        options
    }
}
