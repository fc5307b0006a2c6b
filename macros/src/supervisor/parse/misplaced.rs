//! What stands in the list of children, and belongs beside it.

use proc_macro2::Ident;
use syn::Token;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use crate::code;
use crate::diag::error;
use crate::supervisor::parse::FIELDS;
use crate::supervisor::parse::child::{KEYWORDS, OPTIONS};

/// An option beside a child, or an entry of the supervisor, stands in the list: `[MyServer, restart: transient]`.
pub(super) fn no_option(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    let Ok(word) = ahead.call(Ident::parse_any) else {
        return Ok(());
    };
    if !ahead.peek(Token![:]) || ahead.peek(Token![::]) {
        return Ok(());
    }
    if let Some(option) = OPTIONS.iter().find(|option| word == option.word) {
        let example = option.example();
        return Err(error(
            code::MISPLACED,
            word.span(),
            format!("`{word}` is an option of a child, and this is the list of children"),
            format!("write it in braces behind the child: `MyServer {{ {example} }}`"),
        ));
    }
    let is_kind = KEYWORDS.iter().any(|kind| word == kind);
    if let Some(entry) = FIELDS.iter().find(|entry| word == entry.word && !is_kind) {
        let example = entry.example();
        return Err(error(
            code::MISPLACED,
            word.span(),
            format!("`{word}` is an entry of the supervisor, and this is the list of children"),
            format!("write it behind the list: `children: [MyServer], {example}`"),
        ));
    }
    Ok(())
}
