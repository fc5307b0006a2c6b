//! Mistakes: collected while there is something to look at, and given out together as `compile_error!`s.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::code::{self, Code};

/// The mistakes found so far, in the order they were found.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Adds an error made elsewhere, as by syn's parsers, which know nothing of pages.
    pub(crate) fn push(&mut self, error: syn::Error) {
        let errors = error.into_iter().map(|error| {
            let text = error.to_string();
            if text.contains(PAGE) {
                return error;
            }
            let text = self::text(code::UNREADABLE, &text, as_rust(&text));
            syn::Error::new(error.span(), text)
        });
        for error in errors {
            match &mut self.0 {
                Some(errors) => errors.combine(error),
                empty => *empty = Some(error),
            }
        }
    }

    /// Reports `what` is wrong with these tokens and `how` it is put right, by the rule of this code.
    pub(crate) fn at(
        &mut self,
        code: Code,
        tokens: impl ToTokens,
        what: impl AsRef<str>,
        how: impl AsRef<str>,
    ) {
        self.push(error_at(code, tokens, what, how));
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
pub(crate) fn error(
    code: Code,
    span: Span,
    what: impl AsRef<str>,
    how: impl AsRef<str>,
) -> syn::Error {
    syn::Error::new(span, text(code, what, how))
}

/// The same, at all of these tokens.
pub(crate) fn error_at(
    code: Code,
    tokens: impl ToTokens,
    what: impl AsRef<str>,
    how: impl AsRef<str>,
) -> syn::Error {
    syn::Error::new_spanned(tokens, text(code, what, how))
}

/// What syn says, beside an error of rustc's.
pub(crate) fn warning(name: &str, error: &syn::Error) -> TokenStream {
    let text = error.to_string();
    let note = self::text(code::UNREADABLE, &text, as_rust(&text));
    warning_at(error.span(), name, &note)
}

/// A use of something deprecated is the one warning that a macro can cause.
pub(crate) fn warning_at(span: Span, name: &str, note: &str) -> TokenStream {
    let [declared, used] = [Span::call_site(), span].map(|at| Ident::new(name, at));
    quote! {
        const _: () = {
            #[deprecated(note = #note)]
            const fn #declared() {}
            #used();
        };
    }
}

/// What helps where syn has read something, and says `text`.
fn as_rust(text: &str) -> &'static str {
    if text.contains("expected an expression") {
        "write a value, such as `3`, `\"text\"` or `config.limit`"
    } else if text.contains("identifier") {
        "write a name here"
    } else {
        "this is read as everywhere in Rust: look for a word or a sign that is too much, or missing"
    }
}

/// What is wrong, how it is put right, and the page about the rule.
pub(crate) fn text(code: Code, what: impl AsRef<str>, how: impl AsRef<str>) -> String {
    with_page(&format!("{}\nhelp: {}", what.as_ref(), how.as_ref()), code)
}

/// What the last line of an error begins with.
const PAGE: &str = "\npage: docs/errors/";

fn with_page(text: &str, code: Code) -> String {
    format!("{text}{PAGE}{code}.md")
}
