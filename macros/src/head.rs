//! The head of a method that rustc refuses before a macro sees it, as `get(&self) -> u8 {}`: it is read as what was meant, and handed back so,
//! since rustc reads it a second time.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Token, Visibility, token};

/// What becomes of a method that is none.
pub(crate) enum Refused {
    /// What was meant.
    Mended(TokenStream),
    /// Nobody knows what it returns.
    Lost,
}

/// Looks for one slip in what begins behind the attributes of a method, and ends with it. `None`: there is none that we know.
pub(crate) fn refused(item: &TokenStream) -> Option<Refused> {
    read.parse2(item.clone()).ok()
}

fn read(input: ParseStream<'_>) -> syn::Result<Refused> {
    let vis: Visibility = input.parse()?;
    let is_async = input.parse::<Option<Token![async]>>()?;
    let mut function = input
        .parse::<Option<Token![fn]>>()?
        .map(ToTokens::into_token_stream);
    let mut name = input.call(Ident::parse_any)?;
    if function.is_none() && !input.peek(token::Paren) {
        // `func get()`
        name = input.parse()?;
    }
    let is_called = input.peek(token::Paren);
    let arguments: TokenTree = input.parse()?;
    let rest: Vec<TokenTree> = input.parse::<TokenStream>()?.into_iter().collect();
    let ends = match rest.last() {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(TokenTree::Punct(punct)) => punct.as_char() == ';',
        _ => false,
    };
    let is_keyword = syn::parse2::<Ident>(name.to_token_stream()).is_err();
    let is_no_name = matches!(
        &*name.to_string(),
        "self" | "Self" | "super" | "crate" | "_"
    );
    let no_slip = || Err(syn::Error::new(Span::call_site(), "no slip that is known"));
    if !is_called || !ends || is_no_name {
        return no_slip();
    }
    if is_keyword {
        name = Ident::new_raw(&name.to_string(), name.span());
    }
    let is_missing = function.is_none();
    let function = function.get_or_insert_with(|| quote!(fn));
    let head = quote!(#vis #is_async #function #name #arguments);
    let sign = |place: usize| match rest.get(place) {
        Some(TokenTree::Punct(punct)) => Some(punct.as_char()),
        _ => None,
    };
    let returns = match (sign(0), sign(1), &*rest) {
        _ if is_missing || is_keyword => quote!(#(#rest)*),
        (Some('-'), Some('>'), [_, _, _]) => return Ok(Refused::Lost),
        (Some(':'), second, [_, ty @ ..]) if second != Some(':') => quote!(-> #(#ty)*),
        (Some('='), Some('>'), [_, _, ty @ ..]) => quote!(-> #(#ty)*),
        (None | Some('&'), _, [TokenTree::Ident(word), .., _]) if word == "where" => {
            return no_slip();
        }
        (None | Some('&'), _, [_, .., _]) => quote!(-> #(#rest)*),
        _ => return no_slip(),
    };
    Ok(Refused::Mended(quote!(#head #returns)))
}
