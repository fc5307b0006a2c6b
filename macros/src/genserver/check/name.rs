//! The rules for the name of a server.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::{Expr, FnArg, Lit};

use crate::code;
use crate::diag::Errors;
use crate::genserver::model::Server;
use crate::{naming, tokens, values, words};

/// A name is made before there is a server.
pub(super) fn of_the_state(server: &mut Server, errors: &mut Errors) {
    let state = Ident::new("self", Span::call_site());
    let name = server.options.name.as_ref().map(ToTokens::to_token_stream);
    let Some(found) = name.and_then(|name| tokens::find_variable(name, &state)) else {
        return;
    };
    errors.at(
        code::NAME_IS_TEXT,
        found,
        "a name is made before there is a server, so there is no `self`",
        "make it of the arguments of `#[init]`, which are variables here",
    );
    server.options.name = Some(syn::parse_quote!(""));
}

/// `name = cache`, of a `Cache`, or a slip of an argument's name, where no argument is called so.
pub(super) fn of_a_word(server: &mut Server, errors: &mut Errors) {
    let name = server.options.name.as_ref().map(ToTokens::to_token_stream);
    let Some(word) = name.and_then(|name| values::small_word(&name)) else {
        return;
    };
    let init = server.hooks.init.iter();
    let inputs = init.flat_map(|init| &init.signature.inputs);
    let is_known = inputs.into_iter().any(|input| match input {
        FnArg::Typed(typed) => tokens::bindings(typed.pat.to_token_stream()).contains(&word),
        FnArg::Receiver(_) => false,
    });
    if is_known {
        return;
    }
    let arguments = server.init_values();
    let arguments: Vec<_> = arguments
        .iter()
        .map(|value| value.name.to_string())
        .collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let how = match words::closest(&word.to_string(), &arguments) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if is_own(server, &word) => {
            format!(
                "write `name = \"{word}\"`, or the name of an argument; a constant is `self::{word}`"
            )
        }
        // It may be a constant that was not written in capitals.
        None => return,
    };
    let what = format!("`{word}` is no argument of `#[init]`");
    errors.at(code::NAME_IS_TEXT, &word, what, how);
    server.options.name = Some(syn::parse_quote!(""));
}

/// `cache`, of a `Cache`.
fn is_own(server: &Server, word: &Ident) -> bool {
    *word == naming::snake(&server.ident)
}

/// `"match_{id}"` is no template.
pub(super) fn of_text(server: &mut Server, errors: &mut Errors) {
    let Some(Expr::Lit(literal)) = &server.options.name else {
        return;
    };
    let Lit::Str(text) = &literal.lit else { return };
    let meant = server
        .init_values()
        .into_iter()
        .find(|value| tokens::text_uses(&text.value(), &value.name));
    if let Some(value) = meant {
        errors.at(
            code::NAME_IS_TEXT,
            text,
            format!("`{{{}}}` is not replaced in a plain text", value.name),
            format!("write `name = format!({})`", text.token()),
        );
    }
}
