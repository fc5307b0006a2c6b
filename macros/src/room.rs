//! The parameters of a block or a trait, without room for one more.
//!
//! Of a type that there is not, rustc says so at each place where it stands, be it the user's or ours, and once if it says the same of all.
//! But where the type stands between `<` and `>` it suggests to make it a parameter, at the end of those that there are, if these
//! are the user's own tokens. So their end is the macro's.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Generics, ItemTrait};

use crate::{naming, tokens};

/// For what is generated.
pub(crate) fn without(generics: &Generics) -> Generics {
    let mut generics = bounded(generics);
    if let Some(GenericParam::Type(param)) = generics.params.last_mut()
        && param.bounds.is_empty()
    {
        param.ident = naming::our(&param.ident);
    }
    generics
}

/// For the user's block. A parameter without bounds stays as it is: there rustc suggests bounds.
pub(crate) fn in_block(generics: &Generics, behind: &TokenStream) -> TokenStream {
    if generics.params.is_empty() {
        return none(behind);
    }
    let mut written = bounded(generics);
    written.where_clause = None;
    written.into_token_stream()
}

/// For the user's trait, of which nobody asks for bounds: `trait KeyValue<> { .. }`.
pub(crate) fn in_trait(mut item: ItemTrait) -> TokenStream {
    item.generics = without(&item.generics);
    let has_none = item.generics.params.is_empty();
    let ident = item.ident.clone();
    let mut begun = false;
    let mut written = TokenStream::new();
    for token in item.into_token_stream() {
        let named = begun && matches!(&token, TokenTree::Ident(word) if *word == ident);
        begun = matches!(&token, TokenTree::Ident(word) if word == "trait");
        written.extend([token]);
        if named && has_none {
            written.extend(none(&ident));
        }
    }
    written
}

fn bounded(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    match generics.params.last_mut() {
        Some(GenericParam::Type(param)) => {
            if let Some(bound) = param.bounds.last_mut() {
                *bound = tokens::our(bound);
            }
        }
        Some(GenericParam::Const(param)) => param.ty = tokens::our(&param.ty),
        Some(GenericParam::Lifetime(_)) | None => {}
    }
    generics
}

/// `<>`
fn none(behind: impl ToTokens) -> TokenStream {
    let at = Span::call_site().located_at(behind.span());
    quote_spanned!(at=> <>)
}
