//! The arguments of a method that rustc refuses before a macro sees them, as `(mut &self)`, or `(&self x: u8)`.

use std::iter::Peekable;

use proc_macro2::{Delimiter, Group, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

/// What stands in the parentheses, as what was meant. `None`: there is no slip that we know.
pub(super) fn mended(group: &Group) -> Option<Group> {
    let mut rest = group.stream().into_iter().peekable();
    let (receiver, mut slips) = receiver(&mut rest.clone());
    let mut arguments = TokenStream::new();
    if let Some(Receiver { tokens, count }) = receiver {
        arguments.extend(tokens);
        rest.by_ref().take(count).for_each(drop);
        if rest.peek().is_some_and(|next| !is(next, ','))
            && !rest.peek().is_some_and(|next| is(next, ':'))
        {
            slips = true;
            arguments.extend([comma()]);
        }
    }
    let (separated, missed) = separated(rest);
    arguments.extend(separated);
    (slips || missed).then(|| {
        let mut mended = Group::new(group.delimiter(), arguments);
        mended.set_span(group.span());
        mended
    })
}

struct Receiver {
    tokens: TokenStream,
    /// How many tokens it was.
    count: usize,
}

/// `mut &self`, `self&`, `&self`, .., and whether it was written as Rust has it.
fn receiver(rest: &mut Peekable<impl Iterator<Item = TokenTree>>) -> (Option<Receiver>, bool) {
    let (mut word, mut and, mut lifetime, mut mutable, mut slips) =
        (None, None, Vec::new(), None, false);
    let mut count = 0;
    while let Some(token) = rest.peek() {
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '&' => {
                slips |= word.is_some() || mutable.is_some();
                and = rest.next();
            }
            TokenTree::Punct(sign) if sign.as_char() == '\'' && and.is_some() && word.is_none() => {
                lifetime.extend(rest.next());
                lifetime.extend(rest.next());
                count += 1;
            }
            TokenTree::Ident(found) if found == "mut" => {
                slips |= word.is_some();
                mutable = rest.next();
            }
            TokenTree::Ident(found) if found == "self" && word.is_none() => word = rest.next(),
            _ => break,
        }
        count += 1;
    }
    if word.is_none() {
        return (None, false);
    }
    let lifetime = TokenStream::from_iter(lifetime);
    let tokens = quote!(#and #lifetime #mutable #word);
    (Some(Receiver { tokens, count }), slips)
}

/// With a comma between two arguments that have none: in front of `mut`, or of a name with a colon behind it. And whether there were any.
fn separated(tokens: impl Iterator<Item = TokenTree>) -> (TokenStream, bool) {
    let mut rest = tokens.peekable();
    let (mut separated, mut depth, mut missed) = (TokenStream::new(), 0_usize, false);
    let mut last: Option<TokenTree> = None;
    while let Some(token) = rest.next() {
        let begins = match &token {
            TokenTree::Ident(word) if word == "mut" => true,
            TokenTree::Ident(_) => rest.peek().is_some_and(is_colon),
            _ => false,
        };
        if begins && depth == 0 && last.as_ref().is_some_and(ends_a_type) {
            missed = true;
            separated.extend([comma()]);
        }
        let arrow = matches!(&last, Some(TokenTree::Punct(minus)) if minus.as_char() == '-');
        if is(&token, '<') {
            depth += 1;
        } else if is(&token, '>') && !arrow {
            depth = depth.saturating_sub(1);
        }
        separated.extend([token.clone()]);
        last = Some(token);
    }
    (separated, missed)
}

fn ends_a_type(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => word != "mut" && word != "ref" && word != "dyn" && word != "impl",
        TokenTree::Punct(sign) => sign.as_char() == '>',
        // What stands in brackets may be an attribute.
        TokenTree::Group(group) => group.delimiter() != Delimiter::Bracket,
        TokenTree::Literal(_) => false,
    }
}

/// One that no other follows.
fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(colon) if colon.as_char() == ':' && colon.spacing() == Spacing::Alone)
}

fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn comma() -> TokenTree {
    let mut comma = Punct::new(',', Spacing::Alone);
    comma.set_span(Span::call_site());
    comma.into()
}
