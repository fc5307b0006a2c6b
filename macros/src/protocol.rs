//! `#[protocol]`: from a trait to the trait itself, and a client of whatever server speaks it.

mod check;
mod expand;
mod model;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, ItemTrait, Path, Token, TraitItem, TraitItemFn, Visibility, token};

use crate::carry::Carried;
use crate::code;
use crate::diag::{self, Errors, error};
use crate::entries::{self, Entry, put};
use crate::head::{self, Refused};
use crate::{naming, tokens, values};

/// What stands in the parentheses.
#[derive(Default)]
pub(crate) struct Options {
    krate: Option<TokenStream>,
}

const OPTIONS: &[Entry<Options>] = &[Entry::value("crate", "::suptree", |options, input, _| {
    put(&mut options.krate, values::crate_path(input))
})];

/// The whole pipeline. With errors the output still has the trait, and a client of what is sound in it.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut read = Options::default();
    let parser = |input: ParseStream<'_>| {
        entries::read_all(OPTIONS, &mut read, input, &mut errors);
        Ok(())
    };
    let result = parser.parse2(options);
    errors.take(result);
    let krate = read.krate.unwrap_or_else(|| quote!(::suptree));
    let output = if let Some(word) = no_trait(&item) {
        errors.at(
            code::NOT_A_TRAIT,
            word,
            "`#[protocol]` is for a trait",
            "write `#[protocol] trait MyProtocol { .. }`; the servers that speak it say `#[genserver(protocols(MyProtocol))]`",
        );
        item
    } else {
        match syn::parse2::<ItemTrait>(naming::plain(item.clone())) {
            // rustc has read it before, and says what is wrong with it. It would do so again.
            Err(error) => {
                let (item, beside) = up_to_braces(item);
                let mut is_whole = true;
                let rest = naming::plain(item.clone());
                let rest = tokens::in_braces(rest, |items| readable(items, &mut is_whole));
                let rest = syn::parse2(rest);
                // What is mended is clear by what rustc says.
                let warning = (!is_whole || rest.is_err())
                    .then(|| diag::warning("unreadable_protocol", &error));
                match rest {
                    Ok(rest) => {
                        let (item, generated) = read_item(rest, krate, &mut errors);
                        quote!(#item #generated #beside #warning)
                    }
                    Err(_) => {
                        let item = tokens::in_braces(item, |_| TokenStream::new());
                        quote!(#item #beside #warning)
                    }
                }
            }
            Ok(item) => {
                let (item, generated) = read_item(item, krate, &mut errors);
                quote!(#item #generated)
            }
        }
    };
    let errors = errors.into_tokens();
    quote!(#output #errors)
}

fn read_item(
    item: ItemTrait,
    krate: TokenStream,
    errors: &mut Errors,
) -> (TokenStream, Option<TokenStream>) {
    let (item, protocol) = check::check(item, krate, errors);
    (item, protocol.map(|protocol| expand::expand(&protocol)))
}

/// A trait, and what stands behind it: rustc may have lost its end, and taken the rest of the file for a part of it.
fn up_to_braces(item: TokenStream) -> (TokenStream, TokenStream) {
    let mut rest = item.into_iter();
    let mut item = TokenStream::new();
    for token in rest.by_ref() {
        let ends =
            matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        item.extend([token]);
        if ends {
            break;
        }
    }
    (item, rest.collect())
}

/// The items in the braces of a trait that can be read, be it as what was meant, and whether these are all.
fn readable(items: TokenStream, is_whole: &mut bool) -> TokenStream {
    let mut read = TokenStream::new();
    let mut item = TokenStream::new();
    for token in items {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        item.extend([token]);
        if ends {
            let of_it = readable_item(std::mem::take(&mut item));
            *is_whole &= of_it.is_some();
            read.extend(of_it);
        }
    }
    *is_whole &= item.is_empty();
    read
}

fn readable_item(item: TokenStream) -> Option<TokenStream> {
    if syn::parse2::<TraitItem>(item.clone()).is_ok() {
        return Some(item);
    }
    let behind_attributes = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        Ok((attributes, input.parse::<TokenStream>()?))
    };
    let (attributes, method) = behind_attributes.parse2(item).ok()?;
    match head::refused(&method, &quote!((&self)))? {
        Refused::Mended(mended) => {
            // A visibility would be one slip more.
            let method = |input: ParseStream<'_>| {
                input.parse::<Visibility>()?;
                input.parse::<TraitItemFn>()
            };
            let method = method.parse2(mended).ok()?;
            Some(quote!(#(#attributes)* #method))
        }
        Refused::Lost => None,
    }
}

/// The keyword of an item that is no trait.
fn no_trait(item: &TokenStream) -> Option<TokenStream> {
    const OTHERS: &[&str] = &[
        "impl", "struct", "enum", "union", "fn", "mod", "type", "const", "static", "use", "extern",
    ];
    for token in item.clone() {
        if let TokenTree::Ident(word) = token {
            if word == "trait" {
                return None;
            }
            if OTHERS.iter().any(|other| word == other) {
                return Some(word.into_token_stream());
            }
        }
    }
    None
}

/// A protocol that a server speaks.
pub(crate) struct Spoken {
    /// Its `#[cfg]`s.
    pub(crate) cfg: TokenStream,
    pub(crate) path: Path,
}

/// The protocols of a server: `protocols(KeyValue, Log)`.
pub(crate) fn paths(
    word: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Vec<Spoken>> {
    if !input.peek(token::Paren) {
        return Err(error(
            code::PROTOCOLS,
            word.span(),
            format!("`{word}` is a list in parentheses"),
            format!("write `{word}(KeyValue)`, for example"),
        ));
    }
    let inside;
    syn::parenthesized!(inside in input);
    let spoken = inside.parse_terminated(spoken, Token![,])?;
    let mut named: Vec<Spoken> = Vec::new();
    for spoken in spoken {
        let path = &spoken.path;
        let text = tokens::text(path);
        let same = |other: &Spoken| spoken.cfg.is_empty() && tokens::text(&other.path) == text;
        if named
            .iter()
            .any(|other| other.cfg.is_empty() && same(other))
        {
            errors.at(
                code::GIVEN_TWICE,
                path,
                format!("the protocol `{text}` is named twice"),
                "remove one of the two",
            );
        } else {
            named.push(spoken);
        }
    }
    Ok(named)
}

/// `#[cfg(feature = "log")] Log`
fn spoken(input: ParseStream<'_>) -> syn::Result<Spoken> {
    let attributes = input.call(Attribute::parse_outer)?;
    Ok(Spoken {
        cfg: Carried::from_attributes(&attributes).cfg(),
        path: input.parse()?,
    })
}
