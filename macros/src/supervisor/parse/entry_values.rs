//! What stands behind the words of a supervisor's entries: `strategy: one_for_one`, `extra_arguments: [config]`.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Token, Type, token};

use crate::diag::{Errors, error};
use crate::supervisor::parse::child_type::child_type;
use crate::supervisor::parse::inside;
use crate::{code, tokens, types, values};

/// `Room | Game`
pub(super) fn types(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Type>> {
    let mut types = inside::dynamic_types(input, errors, Type::without_plus)?;
    let mut comma = None;
    while let Some(found) = another(input) {
        comma.get_or_insert(found);
        input.parse::<Token![,]>()?;
        types.extend(inside::dynamic_types(input, errors, Type::without_plus)?);
    }
    if let Some(comma) = comma {
        let all: Vec<_> = types.iter().map(tokens::text).collect();
        errors.push(error(
            code::DYNAMIC_TYPES,
            comma,
            "between the types of a dynamic supervisor's children stands `|`",
            format!("write `{}`", all.join(" | ")),
        ));
    }
    Ok(types)
}

/// `, Game`: a comma where a `|` was meant. Entries begin with small letters, and have a colon.
fn another(input: ParseStream<'_>) -> Option<Span> {
    let ahead = input.fork();
    let comma = ahead.parse::<Token![,]>().ok()?;
    let ty = child_type(&ahead).ok()?;
    let is_type = types::name(&ty)?
        .to_string()
        .starts_with(char::is_uppercase);
    let ends = !ahead.peek(Token![:]) && !ahead.peek(Token![=]);
    (is_type && ends).then(|| comma.spans[0])
}

/// `[config, limits]`
pub(super) fn arguments(input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    const HELP: &str = "write the supervisor's arguments that each child gets before its own: `extra_arguments: [config]`";
    if !input.peek(token::Bracket) {
        return Err(error(
            code::LIST,
            input.span(),
            "expected a list of arguments",
            HELP,
        ));
    }
    let list;
    syn::bracketed!(list in input);
    let mut arguments = Vec::new();
    while !list.is_empty() {
        let ahead = list.fork();
        let argument = ahead.parse::<Ident>().ok();
        let argument = argument.filter(|_| ahead.is_empty() || ahead.peek(Token![,]));
        let Some(argument) = argument else {
            let at = list.span();
            tokens::drain(&list);
            return Err(error(
                code::LIST,
                at,
                "expected the name of an argument, and nothing else",
                HELP,
            ));
        };
        list.advance_to(&ahead);
        list.parse::<Option<Token![,]>>()?;
        arguments.push(argument);
    }
    Ok(arguments)
}

pub(super) fn strategy(input: ParseStream<'_>) -> syn::Result<Ident> {
    const STRATEGIES: &[(&str, &str)] = &[
        ("one_for_one", "OneForOne"),
        ("one_for_all", "OneForAll"),
        ("rest_for_one", "RestForOne"),
    ];
    let ahead = input.fork().call(Ident::parse_any);
    if ahead.is_ok_and(|word| word == "simple_one_for_one") {
        return Err(error(
            code::SIMPLE_ONE_FOR_ONE,
            input.span(),
            "a supervisor of children that come and go is a dynamic one",
            "write `dynamic: MyServer` in place of the strategy and the children",
        ));
    }
    let (word, variant) = values::one_of(input, "strategy", STRATEGIES)?;
    Ok(Ident::new(variant, word.span()))
}

pub(super) fn auto_shutdown(input: ParseStream<'_>) -> syn::Result<Ident> {
    const KINDS: &[(&str, &str)] = &[
        ("never", "Never"),
        ("any_significant", "AnySignificant"),
        ("all_significant", "AllSignificant"),
    ];
    let (word, variant) = values::one_of(input, "automatic shutdown", KINDS)?;
    Ok(Ident::new(variant, word.span()))
}
