//! `Checked`: a type of the user's, after a question about it, as generated code names it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// `Checked<Cache, { asked::<<Cache as ListedChild>::Itself>() }>`, with this question.
pub(crate) fn checked(
    krate: &TokenStream,
    itself: impl ToTokens,
    question: &TokenStream,
) -> TokenStream {
    quote!(#krate::__private::Checked<#itself, { #krate::__private::asked::<#question>() }>)
}

/// `<Cache as ListedChild>::Itself`, shown at this place.
pub(crate) fn question(
    at: Span,
    of: impl ToTokens,
    wanted: &TokenStream,
    answer: &str,
) -> TokenStream {
    // What stands first and last says where the whole is.
    let (first, last) = (quote_spanned!(at=> <), Ident::new(answer, at));
    quote!(#first #of as #wanted>::#last)
}
