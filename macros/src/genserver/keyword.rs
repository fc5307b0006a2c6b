//! `#[continue]`: rustc says that it is a keyword, before a macro sees it. What to write stands in a warning beside that error, and the
//! method is read as what it was meant for.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};

use crate::{code, diag, tokens};

/// What stands in `#[..]`, as an attribute that can be read, where it is one of these. Nothing else of it is looked at: it is refused already.
pub(crate) fn as_attribute(group: &Group) -> Option<TokenTree> {
    let word = keyword(group)?;
    let meant = TokenTree::Ident(Ident::new("handle_continue", word.span()));
    Some(tokens::around(group, meant.into()))
}

/// A warning for each such attribute on what is directly in the braces of an item.
pub(crate) fn warnings(item: &TokenStream, is_part: bool) -> TokenStream {
    let body = item.clone().into_iter().last();
    let Some(TokenTree::Group(body)) = body else {
        return TokenStream::new();
    };
    let how = if is_part {
        "it is `#[handle_continue]`, in the block without `part`"
    } else {
        "under `#[genserver]` it is `#[handle_continue]`"
    };
    let what = "`continue` is a keyword of Rust";
    let note = diag::text(code::UNKNOWN_ATTRIBUTE, what, how);
    attributes(body.stream())
        .map(|word| diag::warning_at(word.span(), "attribute_continue", &note))
        .collect()
}

/// The keywords in the attributes among these tokens.
fn attributes(tokens: TokenStream) -> impl Iterator<Item = Ident> {
    let mut behind_hash = false;
    tokens.into_iter().filter_map(move |token| {
        let is_attribute = behind_hash;
        behind_hash = matches!(&token, TokenTree::Punct(hash) if hash.as_char() == '#');
        match token {
            TokenTree::Group(group) if is_attribute => keyword(&group),
            _ => None,
        }
    })
}

/// The `continue` that `#[..]` begins with.
fn keyword(attribute: &Group) -> Option<Ident> {
    match attribute.stream().into_iter().next() {
        Some(TokenTree::Ident(word)) if word == "continue" => Some(word),
        _ => None,
    }
}
