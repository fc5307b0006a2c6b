//! Names: from the user's identifiers to those of what is generated.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::Parse;

use crate::tokens;

/// `get_score`, `r#type` → `GetScore`, `Type`; `None` where nothing is left to make a name of.
///
/// Letters beyond ASCII stay as they are: whatever was an identifier stays one.
pub(crate) fn pascal(ident: &Ident) -> Option<String> {
    let mut name = String::new();
    let word = ident.unraw().to_string();
    for part in word.split('_') {
        let mut letters = part.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    let first = name.chars().next()?;
    let may_start = first.is_ascii_alphabetic() || (!first.is_ascii() && word.starts_with(first));
    (may_start && name != "Self").then_some(name)
}

/// `FootballMatchTracker`, `HTTPServer` → `football_match_tracker`, `http_server`.
pub(crate) fn snake(ident: &Ident) -> String {
    let word = ident.unraw().to_string();
    let letters: Vec<char> = word.chars().collect();
    let mut name = String::new();
    for (nth, &letter) in letters.iter().enumerate() {
        let before = nth.checked_sub(1).and_then(|nth| letters.get(nth)).copied();
        let after = letters.get(nth + 1).copied();
        if letter.is_uppercase() {
            let new_word = match before {
                None | Some('_') => false,
                Some(before) => !before.is_uppercase() || after.is_some_and(char::is_lowercase),
            };
            if new_word {
                name.push('_');
            }
        }
        let mut lower = letter.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(lower), None) => name.push(lower),
            // Several letters may be none of an identifier.
            _ => name.push(letter),
        }
    }
    name
}

/// `call get/1`: a handler by its sort, its name, and how many arguments it has.
pub(crate) fn arity(sort: &str, name: &Ident, arguments: usize) -> String {
    format!("{sort} {}/{arguments}", name.unraw())
}

/// An identifier of this text, raw if it is a keyword; `None` for what cannot be one.
pub(crate) fn ident(text: &str, span: Span) -> Option<Ident> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii();
    let starts = text.chars().next().is_some_and(|c| !c.is_ascii_digit());
    if !starts || text == "_" || !text.chars().all(plain) {
        return None;
    }
    match syn::parse_str::<Ident>(text) {
        // What is a space in other scripts is left out by who reads it.
        Ok(parsed) if parsed != text => None,
        Err(_) if !text.is_ascii() => None,
        // A keyword since edition 2024, which syn leaves open.
        Ok(_) if text == "gen" => Some(Ident::new_raw(text, span)),
        Ok(_) => Some(Ident::new(text, span)),
        Err(_) if matches!(text, "self" | "Self" | "super" | "crate") => None,
        Err(_) => Some(Ident::new_raw(text, span)),
    }
}

/// The tokens with one spelling for each name: `r#foo` is `foo` to rustc, unless that is a keyword.
pub(crate) fn plain(tokens: TokenStream) -> TokenStream {
    if !has_other_spelling(tokens.clone()) {
        return tokens;
    }
    let plain = |token: TokenTree| match token {
        TokenTree::Ident(ident) => plain_ident(&ident).unwrap_or(ident).into(),
        TokenTree::Group(group) if has_other_spelling(group.stream()) => {
            tokens::around(&group, plain(group.stream()))
        }
        other => other,
    };
    tokens.into_iter().map(plain).collect()
}

/// The same for a part of the syntax.
pub(crate) fn plainly<T: Parse + ToTokens>(part: T) -> T {
    let tokens = part.to_token_stream();
    if has_other_spelling(tokens.clone()) {
        syn::parse2(plain(tokens)).unwrap_or(part)
    } else {
        part
    }
}

fn has_other_spelling(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => plain_ident(&ident).is_some(),
        TokenTree::Group(group) => has_other_spelling(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// `foo`, of `r#foo`.
fn plain_ident(name: &Ident) -> Option<Ident> {
    let text = name.to_string();
    let plain = ident(text.strip_prefix("r#")?, name.span())?;
    (plain != text).then_some(plain)
}

/// A user's name where it is the macro's own: lints of what users write leave it alone. The edition there is 2024, in which
/// `gen` is a keyword.
pub(crate) fn our(name: &Ident) -> Ident {
    let span = Span::call_site().located_at(name.span());
    ident(&name.unraw().to_string(), span).unwrap_or_else(|| {
        let mut name = name.clone();
        name.set_span(span);
        name
    })
}

/// Hands out names of generated items that shadow nothing the user mentions.
#[derive(Default)]
pub(crate) struct Fresh(BTreeSet<String>);

impl Fresh {
    /// Keeps clear of every identifier in these tokens.
    pub(crate) fn avoid(&mut self, tokens: TokenStream) {
        for tree in tokens {
            match tree {
                TokenTree::Group(group) => self.avoid(group.stream()),
                TokenTree::Ident(ident) => {
                    self.0.insert(ident.unraw().to_string());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// This name, or the first of `name2`, `name3`, … that is free.
    pub(crate) fn text(&mut self, name: &str) -> String {
        let mut fresh = name.to_owned();
        let mut nth = 1_usize;
        while !self.0.insert(fresh.clone()) {
            nth += 1;
            fresh = format!("{name}{nth}");
        }
        fresh
    }

    /// The same as [`text`](Self::text), as an identifier that belongs to the macro.
    pub(crate) fn ident(&mut self, name: &str) -> Ident {
        Ident::new(&self.text(name), Span::call_site())
    }
}
