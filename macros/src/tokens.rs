//! Token streams as such: cut out of the input, with `Self` spelled out, searched for names.

mod variables;

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::buffer::Cursor;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

pub(crate) use self::variables::{
    bindings, find_variable, only_borrows, renamed, text_uses, uses_value, uses_variable,
};

/// The tokens from one place in the input to a later one, as they were written.
pub(crate) fn between(begin: Cursor<'_>, end: Cursor<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    let mut cursor = begin;
    while cursor < end {
        let Some((token, next)) = cursor.token_tree() else {
            break;
        };
        if next > end {
            // `end` is inside an invisible group: the parser went in.
            let Some((inside, _, _)) = cursor.group(Delimiter::None) else {
                break;
            };
            cursor = inside;
            continue;
        }
        tokens.extend([token]);
        cursor = next;
    }
    tokens
}

/// Takes everything up to the next comma of this level, or up to the end.
pub(crate) fn until_comma(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(syn::Token![,]) {
        match input.parse::<TokenTree>() {
            Ok(token) => tokens.extend([token]),
            Err(_) => break,
        }
    }
    tokens
}

/// The tokens with `Self` replaced by the type it stands for, for items outside its impl block.
pub(crate) fn without_self(tokens: impl ToTokens, self_ty: &TokenStream) -> TokenStream {
    replace_self(tokens.into_token_stream(), self_ty)
}

fn replace_self(tokens: TokenStream, self_ty: &TokenStream) -> TokenStream {
    let mut replaced = TokenStream::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        match token {
            TokenTree::Ident(ident) if ident == "Self" => {
                let in_path = matches!(rest.peek(), Some(TokenTree::Punct(p)) if p.as_char() == ':' && p.spacing() == Spacing::Joint);
                let ty = if in_path {
                    quote!(<#self_ty>)
                } else {
                    self_ty.clone()
                };
                replaced.extend(respan(&ty, ident.span()));
            }
            TokenTree::Group(group) => {
                let stream = match group.delimiter() {
                    // `[u8; { Self::new().len() }]`
                    Delimiter::Brace => replace_self(group.stream(), &in_expressions(self_ty)),
                    _ => replace_self(group.stream(), self_ty),
                };
                replaced.extend([around(&group, stream)]);
            }
            other => replaced.extend([other]),
        }
    }
    replaced
}

/// `Stack::<T>`: as a type is written where a `<` could be a comparison.
fn in_expressions(ty: &TokenStream) -> TokenStream {
    let mut written = TokenStream::new();
    let mut after_name = false;
    for token in ty.clone() {
        if after_name && is_punct(&token, '<') {
            written.extend(quote!(::));
        }
        after_name = matches!(token, TokenTree::Ident(_));
        written.extend([token]);
    }
    written
}

/// A type that borrows, with `'static` for each lifetime, be it written or left out.
pub(crate) fn with_static(ty: TokenStream) -> TokenStream {
    let mut lasting = TokenStream::new();
    let mut rest = ty.into_iter().peekable();
    let is = |token: Option<&TokenTree>, sign| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    while let Some(token) = rest.next() {
        if is(Some(&token), '\'') {
            rest.next();
            lasting.extend(quote!('static));
            continue;
        }
        let is_cow =
            matches!(&token, TokenTree::Ident(word) if word == "Cow") && is(rest.peek(), '<');
        if is_cow {
            lasting.extend([token]);
            lasting.extend(rest.next());
            if !is(rest.peek(), '\'') {
                lasting.extend(quote!('static,));
            }
            continue;
        }
        let elided = is(Some(&token), '&') && !is(rest.peek(), '\'');
        lasting.extend([match token {
            TokenTree::Group(group) => {
                Group::new(group.delimiter(), with_static(group.stream())).into()
            }
            other => other,
        }]);
        if elided {
            lasting.extend(quote!('static));
        }
    }
    lasting
}

/// The tokens with another name for each lifetime that is given one.
pub(crate) fn with_lifetimes(
    tokens: TokenStream,
    other: &mut dyn FnMut(&Ident) -> Option<Ident>,
) -> TokenStream {
    let mut after_quote = false;
    let mut changed = TokenStream::new();
    for token in tokens {
        let is_name = std::mem::replace(&mut after_quote, is_punct(&token, '\''));
        changed.extend([match token {
            TokenTree::Ident(name) if is_name => other(&name).unwrap_or(name).into(),
            TokenTree::Group(group) => {
                let inside = with_lifetimes(group.stream(), other);
                around(&group, inside)
            }
            token => token,
        }]);
    }
    changed
}

/// The same group around other tokens.
pub(crate) fn around(group: &Group, tokens: TokenStream) -> TokenTree {
    let mut other = Group::new(group.delimiter(), tokens);
    other.set_span(group.span());
    other.into()
}

/// An item with something else in its braces.
pub(crate) fn in_braces(
    item: TokenStream,
    mut other: impl FnMut(TokenStream) -> TokenStream,
) -> TokenStream {
    let changed = |token: TokenTree| match token {
        TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
            around(&body, other(body.stream()))
        }
        token => token,
    };
    item.into_iter().map(changed).collect()
}

/// The tokens, shown at this place; what they mean stays as it is.
pub(crate) fn respan(tokens: &TokenStream, at: Span) -> TokenStream {
    let moved = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            let span = at.resolved_at(group.span());
            let mut group = Group::new(group.delimiter(), respan(&group.stream(), at));
            group.set_span(span);
            return TokenTree::Group(group);
        }
        token.set_span(at.resolved_at(token.span()));
        token
    };
    tokens.clone().into_iter().map(moved).collect()
}

/// The same, as if the user had written them there: an error about them names no macro, and so is shorter. For tokens without
/// variables.
pub(crate) fn written_at(tokens: &TokenStream, at: Span) -> TokenStream {
    let moved = |mut token: TokenTree| {
        match &token {
            TokenTree::Group(group) => {
                token = Group::new(group.delimiter(), written_at(&group.stream(), at)).into();
            }
            // It stands for the crate of the `macro_rules!` that wrote it.
            TokenTree::Ident(name) if name == "$crate" => return token,
            _ => {}
        }
        token.set_span(at);
        token
    };
    tokens.clone().into_iter().map(moved).collect()
}

/// A call of a function as if the user had written it from one place to a later one. What it is given stays where it is.
pub(crate) fn call_between(call: &TokenStream, from: Span, to: Span) -> TokenStream {
    let mut tokens: Vec<TokenTree> = call.clone().into_iter().collect();
    let given = tokens.pop();
    for token in &mut tokens {
        // It stands for the crate of the `macro_rules!` that wrote it.
        if !matches!(token, TokenTree::Ident(name) if name == "$crate") {
            token.set_span(from);
        }
    }
    let given = given.map(|mut token| {
        token.set_span(to);
        token
    });
    tokens.into_iter().chain(given).collect()
}

/// The tokens as the macro's own, each where the user wrote it: no lint speaks of them a second time.
pub(crate) fn ours(tokens: TokenStream) -> TokenStream {
    let ours = |mut token: TokenTree| {
        let span = Span::call_site().located_at(token.span());
        match &token {
            TokenTree::Group(group) => {
                let mut group = Group::new(group.delimiter(), ours(group.stream()));
                group.set_span(span);
                return TokenTree::Group(group);
            }
            // It stands for the crate of the `macro_rules!` that wrote it.
            TokenTree::Ident(ident) if ident == "$crate" => {}
            // A keyword in our edition, and perhaps none in the user's.
            TokenTree::Ident(ident) if ident == "gen" => {
                return TokenTree::Ident(Ident::new_raw("gen", span));
            }
            _ => token.set_span(span),
        }
        token
    };
    tokens.into_iter().map(ours).collect()
}

/// The same for a part of the syntax.
pub(crate) fn our<T: Parse + ToTokens + Clone>(part: &T) -> T {
    syn::parse2(ours(part.to_token_stream())).unwrap_or_else(|_| part.clone())
}

/// Whether this name stands anywhere in the tokens.
pub(crate) fn mention(tokens: TokenStream, name: &Ident) -> bool {
    mention_any(tokens, &std::iter::once(name))
}

/// Whether one of these names does.
pub(crate) fn mention_any<'a>(
    tokens: TokenStream,
    names: &(impl Iterator<Item = &'a Ident> + Clone),
) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.clone().any(|name| *name == ident),
        TokenTree::Group(group) => mention_any(group.stream(), names),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Whether a path begins with one of these names, and goes on: `M::Key`.
pub(crate) fn begins_path(tokens: TokenStream, names: &[&Ident]) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_colon = |place: Option<usize>| {
        place
            .and_then(|place| tokens.get(place))
            .is_some_and(|token| is_punct(token, ':'))
    };
    tokens.iter().enumerate().any(|(place, token)| match token {
        TokenTree::Ident(name) => {
            names.contains(&name)
                && !is_colon(place.checked_sub(1))
                && is_colon(Some(place + 1))
                && is_colon(Some(place + 2))
        }
        TokenTree::Group(group) => begins_path(group.stream(), names),
        _ => false,
    })
}

/// The tokens as a reader would write them, in one line.
pub(crate) fn text(tokens: impl ToTokens) -> String {
    let mut text = String::new();
    write(tokens.to_token_stream(), &mut text);
    text
}

/// The same for an expression, with spaces around its operators.
pub(crate) fn expression_text(expression: &Expr) -> String {
    let list = |expressions: &Punctuated<Expr, Token![,]>| {
        let texts: Vec<_> = expressions.iter().map(expression_text).collect();
        texts.join(", ")
    };
    match expression {
        Expr::Binary(binary) => {
            let (left, right) = (
                expression_text(&binary.left),
                expression_text(&binary.right),
            );
            format!("{left} {} {right}", text(binary.op))
        }
        Expr::Let(bound) => {
            format!(
                "let {} = {}",
                text(&bound.pat),
                expression_text(&bound.expr)
            )
        }
        Expr::Paren(inside) => format!("({})", expression_text(&inside.expr)),
        Expr::Group(inside) => expression_text(&inside.expr),
        Expr::Call(call) => format!("{}({})", expression_text(&call.func), list(&call.args)),
        Expr::MethodCall(call) => {
            let (of, method, types) = (
                expression_text(&call.receiver),
                &call.method,
                &call.turbofish,
            );
            format!("{of}.{method}{}({})", text(types), list(&call.args))
        }
        other => text(other),
    }
}

fn write(tokens: TokenStream, text: &mut String) {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '"' || c == '\'';
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => text.push_str(", "),
            TokenTree::Punct(punct) => text.push(punct.as_char()),
            word => {
                let word = word.to_string();
                // Two words in a row need a space.
                if text.ends_with(is_word) && word.starts_with(is_word) {
                    text.push(' ');
                }
                text.push_str(&word);
            }
        }
    }
}

pub(crate) fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// Takes all that is left.
pub(crate) fn drain(input: ParseStream<'_>) {
    while input.parse::<TokenTree>().is_ok() {}
}
