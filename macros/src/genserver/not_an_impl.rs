//! `#[genserver]` on something else than a type's own methods: what is to be written instead, with the names that are there.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Generics, Item};

use super::parse::NotAnImpl;
use crate::code;
use crate::diag::Errors;

/// Reports it.
pub(super) fn report(item: &TokenStream, not: &NotAnImpl, errors: &mut Errors) {
    let read = syn::parse2::<Item>(item.clone()).ok();
    match not {
        NotAnImpl::OfTrait(of) => errors.at(
            code::NOT_AN_IMPL,
            of,
            "`#[genserver]` is for a type's own methods, not for those of a trait",
            how(read.as_ref()),
        ),
        NotAnImpl::Other => errors.at(
            code::NOT_AN_IMPL,
            first_word(item),
            "`#[genserver]` is for an impl block",
            how(read.as_ref()),
        ),
    }
}

fn how(item: Option<&Item>) -> String {
    let header = match item {
        Some(Item::Struct(it)) => of_a_type(&it.ident, &it.generics),
        Some(Item::Enum(it)) => of_a_type(&it.ident, &it.generics),
        Some(Item::Impl(it)) => {
            let (generics, _, conditions) = it.generics.split_for_impl();
            let ty = &it.self_ty;
            quote!(impl #generics #ty #conditions)
        }
        Some(Item::Trait(it)) => {
            let name = &it.ident;
            return format!(
                "a trait that servers speak is a protocol: write `#[protocol]` on `trait {name} {{ .. }}`"
            );
        }
        _ => quote!(impl MyServer),
    };
    format!(
        "write `#[genserver]` on `{} {{ .. }}`, the block with the handlers",
        as_written(header)
    )
}

fn of_a_type(name: &Ident, generics: &Generics) -> TokenStream {
    let (generics, arguments, conditions) = generics.split_for_impl();
    quote!(impl #generics #name #arguments #conditions)
}

/// The tokens in one line, with spaces where one would write them.
fn as_written(tokens: TokenStream) -> String {
    let text = tokens.into_token_stream().to_string();
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (found, written) in [
        (" :: ", "::"),
        ("impl <", "impl<"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" :", ":"),
        (" ,", ","),
        ("& ", "&"),
        ("' ", "'"),
        (",>", ">"),
    ] {
        text = text.replace(found, written);
    }
    text.trim_end_matches(',').to_owned()
}

/// The first keyword of an item, after its attributes.
fn first_word(item: &TokenStream) -> Option<Ident> {
    item.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => Some(ident),
        _ => None,
    })
}
