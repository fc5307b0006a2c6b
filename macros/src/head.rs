//! The head of a method that rustc refuses before a macro sees it, as `get(&self) -> u8 {}`: it is read as what was meant, and handed back so,
//! since rustc reads it a second time.

mod arguments;

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
/// `arguments`: what is meant by none, not even parentheses.
pub(crate) fn refused(item: &TokenStream, arguments: &TokenStream) -> Option<Refused> {
    let ordered = ordered(item.clone(), arguments).map(Refused::Mended);
    ordered.or_else(|| read.parse2(item.clone()).ok())
}

/// What rustc's parser takes in front of `fn`, and refuses later, or in a trait alone.
const REFUSED_LATER: &[&str] = &["default", "final", "gen", "safe", "auto", "crate"];

/// With a word too much, or in the wrong place, up to the name, as `public fn get()`, `async pub fn get()`, or `fn async get()`; with a comma
/// behind the arguments; or without any.
fn ordered(item: TokenStream, arguments: &TokenStream) -> Option<TokenStream> {
    let mut rest = item.into_iter().peekable();
    let (mut vis, mut found, mut function) = (None, Vec::new(), None);
    let (mut name, mut slips) = (None::<Ident>, false);
    while let Some(TokenTree::Ident(word)) =
        rest.next_if(|token| matches!(token, TokenTree::Ident(_)))
    {
        slips |= name.is_some();
        let text = word.to_string();
        match &*text {
            "pub" => {
                slips |= vis.is_some() || !found.is_empty() || function.is_some();
                let within = rest.next_if(|token| {
                    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis)
                });
                vis.get_or_insert(quote!(#word #within));
            }
            "const" | "async" | "unsafe" | "extern" => {
                slips |= function.is_some();
                let abi = rest.next_if(|token| matches!(token, TokenTree::Literal(_)));
                found.push(quote!(#word #abi));
            }
            "fn" => {
                slips |= function.is_some();
                function.get_or_insert(word);
            }
            // In front of `fn`, or behind it and before the name.
            _ if function.is_none() => {
                slips = true;
                if REFUSED_LATER.contains(&&*text) {
                    return None;
                }
                if matches!(&*text, "public" | "export") {
                    let public = Ident::new("pub", word.span());
                    vis.get_or_insert(quote!(#public));
                }
            }
            _ => name = Some(word),
        }
    }
    let (function, name) = (function?, name?);
    syn::parse2::<Ident>(name.to_token_stream()).ok()?;
    let mut rest: Vec<_> = rest.collect();
    let sign = |at: usize, sign| matches!(rest.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    let is_brace = matches!(rest.first(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace);
    let taken = if is_brace || (sign(0, '-') && sign(1, '>')) {
        slips = true;
        Some(arguments)
    } else {
        None
    };
    if sign(1, ',') {
        slips = true;
        rest.remove(1);
    }
    if let Some(TokenTree::Group(group)) = rest.first_mut()
        && group.delimiter() == Delimiter::Parenthesis
        && let Some(mended) = arguments::mended(group)
    {
        slips = true;
        *group = mended;
    }
    slips.then(|| quote!(#vis #(#found)* #function #name #taken #(#rest)*))
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
