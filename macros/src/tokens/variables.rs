//! The variables of an expression, as far as its tokens tell: whether it uses one, what it does with it, and which ones a pattern binds.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;

use super::{around, is_punct};

/// Whether an expression uses this variable, be it inside a format string: `format!("match_{id}")`.
pub(crate) fn uses_variable(expression: TokenStream, name: &Ident) -> bool {
    uses(expression, name, &|_| true)
}

/// The same of a variable that is no function: `accept(listener)` does not use `accept`.
pub(crate) fn uses_value(expression: TokenStream, name: &Ident) -> bool {
    uses(expression, name, &|next| !is_call(next))
}

fn uses(
    expression: TokenStream,
    name: &Ident,
    counts: &dyn Fn(Option<&TokenTree>) -> bool,
) -> bool {
    let (mut after_dot, mut dot) = (false, false);
    let mut in_macro = false;
    let mut tokens = expression.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let next = tokens.peek();
        let found = match &token {
            TokenTree::Ident(ident) => {
                !after_dot && ident == name && !is_named(next) && counts(next)
            }
            TokenTree::Group(group) => {
                uses(group.stream(), name, counts)
                    || in_macro && format_string_uses(group.stream(), name)
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        };
        if found {
            return true;
        }
        // Not behind that of a range.
        after_dot = is_punct(&token, '.') && !dot;
        dot = is_punct(&token, '.');
        in_macro = is_punct(&token, '!');
    }
    false
}

/// Whether what stands before this is the name of something else: `cache::new()`, `Config { cache: 1 }`.
fn is_named(next: Option<&TokenTree>) -> bool {
    next.is_some_and(|next| is_punct(next, ':'))
}

fn is_call(next: Option<&TokenTree>) -> bool {
    let is_call = |group: &Group| group.delimiter() == Delimiter::Parenthesis;
    matches!(next, Some(TokenTree::Group(group)) if is_call(group))
}

/// The first use of this variable outside of format strings, as it was written there.
pub(crate) fn find_variable(expression: TokenStream, name: &Ident) -> Option<Ident> {
    let (mut after_dot, mut dot) = (false, false);
    let mut tokens = expression.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let found = match &token {
            TokenTree::Ident(ident) => {
                let is_it = !after_dot && ident == name && !is_named(tokens.peek());
                is_it.then(|| ident.clone())
            }
            TokenTree::Group(group) => find_variable(group.stream(), name),
            TokenTree::Punct(_) | TokenTree::Literal(_) => None,
        };
        if found.is_some() {
            return found;
        }
        // Not behind that of a range.
        after_dot = is_punct(&token, '.') && !dot;
        dot = is_punct(&token, '.');
    }
    None
}

/// The expression with this other variable in the place of that one. `None`: its tokens do not tell where all of it is, since what stands in
/// braces may be a field, and in a text it may be part of a format.
pub(crate) fn renamed(expression: TokenStream, name: &Ident, other: &Ident) -> Option<TokenStream> {
    let (mut after_dot, mut dot) = (false, false);
    let (mut in_macro, mut in_path) = (false, false);
    let mut renamed = TokenStream::new();
    let mut tokens = expression.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_free = !after_dot && !in_path && !is_named(tokens.peek());
        // Not behind that of a range.
        after_dot = is_punct(&token, '.') && !dot;
        dot = is_punct(&token, '.');
        let behind_bang = std::mem::replace(&mut in_macro, is_punct(&token, '!'));
        in_path = is_punct(&token, ':');
        renamed.extend([match token {
            TokenTree::Ident(ident) if ident == *name && is_free => {
                let at = other.span().located_at(ident.span());
                TokenTree::Ident(Ident::new(&other.to_string(), at))
            }
            TokenTree::Group(group) => {
                let inside = group.stream();
                let is_unclear = group.delimiter() == Delimiter::Brace
                    && uses_variable(inside.clone(), name)
                    || behind_bang && format_string_uses(inside.clone(), name);
                if is_unclear {
                    return None;
                }
                around(&group, self::renamed(inside, name, other)?)
            }
            token => token,
        }]);
    }
    Some(renamed)
}

/// Whether an expression takes nothing of this variable, as far as its tokens tell: each time it is borrowed, `&config.path`, or asked by a
/// method that is called like one that borrows, `config.names.iter()`, `path.as_str()`.
pub(crate) fn only_borrows(expression: TokenStream, name: &Ident) -> bool {
    let tokens: Vec<_> = expression.into_iter().collect();
    let at = |place: Option<usize>| place.and_then(|place| tokens.get(place));
    let is =
        |place: Option<usize>, character| at(place).is_some_and(|token| is_punct(token, character));
    (0..tokens.len()).all(|place| {
        let before = place.checked_sub(1);
        match at(Some(place)) {
            Some(TokenTree::Group(group)) => {
                let formats = is(before, '!')
                    && matches!(at(place.checked_sub(2)), Some(TokenTree::Ident(name)) if name == "format");
                formats || only_borrows(group.stream(), name)
            }
            // What it names goes along.
            Some(TokenTree::Ident(word)) if word == "move" => false,
            Some(TokenTree::Ident(ident)) if ident == name && !is(before, '.') => {
                // Through its fields and items, to a method.
                let mut end = place + 1;
                loop {
                    match (at(Some(end)), at(Some(end + 1)), at(Some(end + 2))) {
                        (Some(TokenTree::Group(item)), _, _)
                            if item.delimiter() == Delimiter::Bracket =>
                        {
                            end += 1;
                        }
                        (Some(dot), Some(TokenTree::Ident(method)), Some(TokenTree::Group(given)))
                            if is_punct(dot, '.') && given.delimiter() == Delimiter::Parenthesis =>
                        {
                            return is_borrowing(&method.to_string());
                        }
                        (Some(dot), Some(TokenTree::Ident(field)), _)
                            if is_punct(dot, '.') && field != "await" =>
                        {
                            end += 2;
                        }
                        (Some(dot), _, _) if is_punct(dot, '.') => return false,
                        (after, _, _) => {
                            let called = matches!(after, Some(TokenTree::Group(_)));
                            // `&**path`
                            let stars = (0..place).rev().take_while(|&at| is(Some(at), '*'));
                            let borrowed = place.checked_sub(stars.count() + 1);
                            return is(borrowed, '&') && !called;
                        }
                    }
                }
            }
            _ => true,
        }
    })
}

/// Whether Rust's conventions say of a method of this name that it borrows.
fn is_borrowing(method: &str) -> bool {
    const NAMES: &[&str] = &[
        "clone", "len", "iter", "get", "first", "last", "contains", "keys", "values", "chars",
    ];
    const BEGIN: &[&str] = &["as_", "to_", "is_", "trim", "split"];
    NAMES.contains(&method) || BEGIN.iter().any(|begin| method.starts_with(begin))
}

/// The variables of a pattern.
pub(crate) fn bindings(pattern: TokenStream) -> Vec<Ident> {
    let bound = pattern.into_iter().flat_map(|token| match token {
        TokenTree::Ident(ident) if ident.to_string().starts_with(char::is_lowercase) => vec![ident],
        TokenTree::Group(group) => bindings(group.stream()),
        _ => Vec::new(),
    });
    bound.collect()
}

/// Whether a text has `{name}` in it, as a format string would.
pub(crate) fn text_uses(text: &str, name: &Ident) -> bool {
    let name = name.unraw().to_string();
    text.replace("{{", "").split('{').skip(1).any(|hole| {
        let hole = hole.split(['}', ':']).next().unwrap_or_default();
        hole.trim() == name
    })
}

fn format_string_uses(arguments: TokenStream, name: &Ident) -> bool {
    arguments.into_iter().any(|token| match token {
        TokenTree::Literal(literal) => text_uses(&literal.to_string(), name),
        _ => false,
    })
}
