//! The word that stands before a child's name: `dynamic rooms: Room`.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Token, token};

use crate::code;
use crate::diag::{Errors, error};
use crate::supervisor::parse::child_options::OPTIONS;
use crate::words;

/// What stands before a child's name.
pub(crate) const KEYWORDS: &[&str] = &["supervisor", "dynamic", "partition", "task"];

/// Whether this word stands here, with a name behind it: `dynamic rooms`.
pub(super) fn keyword(input: ParseStream<'_>, word: &str) -> bool {
    let ahead = input.fork();
    ahead
        .call(Ident::parse_any)
        .is_ok_and(|found| found == word)
        && ahead.peek(syn::Ident)
}

/// A word before a name that is none of ours, and one of ours without a name: `dynmic rooms: Room`, `dynamic: Room`. Which was meant, where
/// that can be told: it is read as that.
pub(super) fn misspelt(
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<Option<&'static str>> {
    let ahead = input.fork();
    let Ok(word) = ahead.call(Ident::parse_any) else {
        return Ok(None);
    };
    let text = word.to_string();
    if KEYWORDS.contains(&&*text) {
        let is_nameless = ahead.peek(Token![:]) && !ahead.peek(Token![::]);
        if is_nameless || ahead.peek(token::Brace) {
            let help = if word == "supervisor" {
                "write `supervisor MyName { .. }`".to_owned()
            } else if word == "task" {
                "write `task my_name: my_function()`, with an `async fn`".to_owned()
            } else {
                format!("write `{word} my_name: ..`")
            };
            return Err(error(
                code::CHILD_NAME,
                word.span(),
                "this child needs a name",
                help,
            ));
        }
    } else if ahead.peek(syn::Ident) {
        let behind = ahead.parse::<Ident>()?;
        if OPTIONS.iter().any(|option| behind == option.word) {
            return Ok(None);
        }
        let is_named = ahead.peek(Token![:]) && !ahead.peek(Token![::]);
        let meant = words::closest(&text, KEYWORDS);
        if is_named || meant.is_some() {
            let unknown = error(
                code::KIND_OF_CHILD,
                word.span(),
                format!("unknown kind of child `{word}`"),
                words::expected(&text, KEYWORDS),
            );
            if meant.is_none() {
                return Err(unknown);
            }
            errors.push(unknown);
            return Ok(meant);
        }
    }
    Ok(None)
}
