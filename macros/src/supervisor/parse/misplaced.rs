//! What stands in the list of children, in the braces of a child or in those of the supervisor, and belongs elsewhere.

use proc_macro2::Ident;
use syn::Token;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use crate::code;
use crate::diag::error;
use crate::supervisor::parse::FIELDS;
use crate::supervisor::parse::child_options::OPTIONS;
use crate::supervisor::parse::kind::KEYWORDS;

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

/// `Counter { id: low }`: a child is named before its options.
pub(super) fn no_name(word: &Ident) -> syn::Result<()> {
    if word != "id" && word != "name" {
        return Ok(());
    }
    Err(error(
        code::MISPLACED,
        word.span(),
        "the name of a child is no option",
        "write it before the braces: `MyServer as my_name`",
    ))
}

/// `Counter { max_restarts: 1 }`: an entry of the supervisor.
pub(super) fn no_entry(word: &Ident) -> syn::Result<()> {
    let Some(entry) = FIELDS.iter().find(|entry| word == entry.word) else {
        return Ok(());
    };
    if word == "strategy" || word == "children" {
        return Err(error(
            code::MISPLACED,
            word.span(),
            format!("`{word}` is an entry of a supervisor, and these are the options of a child"),
            "a supervisor inside of this one begins with the word: `supervisor MyName { .. }`",
        ));
    }
    Err(error(
        code::MISPLACED,
        word.span(),
        format!("`{word}` is an entry of the supervisor, and these are the options of a child"),
        format!(
            "write it beside the children: `children: [MyServer], {}`",
            entry.example()
        ),
    ))
}

/// `App { restart: transient, .. }`: an option of a child.
pub(super) fn no_option_of_a_child(word: &Ident) -> syn::Result<()> {
    let Some(option) = OPTIONS.iter().find(|option| word == option.word) else {
        return Ok(());
    };
    Err(error(
        code::MISPLACED,
        word.span(),
        format!("`{word}` is an option of a child, and these are the entries of the supervisor"),
        format!(
            "write it in braces behind a child: `MyServer {{ {} }}`",
            option.example()
        ),
    ))
}

/// `App { name: "app", .. }`: the supervisor's name stands before its entries.
pub(super) fn no_name_of_a_supervisor(word: &Ident) -> syn::Result<()> {
    if word != "name" {
        return Ok(());
    }
    Err(error(
        code::MISPLACED,
        word.span(),
        "the name of a supervisor is no entry",
        "write it before the braces, in parentheses: `App(name = \"app\") { .. }`",
    ))
}
