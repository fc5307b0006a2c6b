//! Mistakes: collected while there is something to look at, and given out together as `compile_error!`s.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The mistakes found so far, in the order they were found.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Adds an error made elsewhere, as by syn's parsers.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            empty => *empty = Some(error),
        }
    }

    /// Reports `what` is wrong with these tokens and `how` it is put right.
    pub(crate) fn at(
        &mut self,
        tokens: impl ToTokens,
        what: impl AsRef<str>,
        how: impl AsRef<str>,
    ) {
        self.push(syn::Error::new_spanned(tokens, text(what, how)));
    }

    /// Adds those of another collection.
    pub(crate) fn append(&mut self, others: Self) {
        if let Some(errors) = others.0 {
            self.push(errors);
        }
    }

    /// The value, or `None` with its error kept.
    pub(crate) fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// All of them as one, which is none any more.
    pub(crate) fn take_all(&mut self) -> Option<syn::Error> {
        self.0.take()
    }

    /// Whether there are any.
    pub(crate) const fn any(&self) -> bool {
        self.0.is_some()
    }

    /// A `compile_error!` for each.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0
            .map(syn::Error::into_compile_error)
            .unwrap_or_default()
    }
}

/// An error with its cure, for functions that stop at the first.
pub(crate) fn error(span: Span, what: impl AsRef<str>, how: impl AsRef<str>) -> syn::Error {
    syn::Error::new(span, text(what, how))
}

fn text(what: impl AsRef<str>, how: impl AsRef<str>) -> String {
    format!("{}\nhelp: {}", what.as_ref(), how.as_ref())
}
