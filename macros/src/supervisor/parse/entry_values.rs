//! What stands behind the words of a supervisor's entries: `strategy: one_for_one`, `extra_arguments: [config]`.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;
use syn::{Token, Type, token};

use crate::diag::{Errors, error};
use crate::supervisor::parse::inside;
use crate::{code, tokens, values};

/// `Room | Game`
pub(super) fn types(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Type>> {
    inside::dynamic_types(input, errors, Type::without_plus)
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
