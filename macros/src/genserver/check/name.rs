//! The rules for the name of a server.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::{Expr, Lit};

use crate::code;
use crate::diag::Errors;
use crate::genserver::model::Server;
use crate::tokens;

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
