//! Parameters of the block that are in no type of the server: nothing tells what they are.
//!
//! rustc says so of each item that has them. So ours have none, and in the user's block, whose methods may use them, a where clause tells.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, ReturnType, Type, WherePredicate};

use crate::code;
use crate::diag::Errors;
use crate::genserver::args::Options;
use crate::genserver::lower::Sorted;
use crate::genserver::model::{Function, Param};
use crate::{tokens, types};

/// The parameters of the user's block, and those of the server.
pub(super) struct Bound {
    pub(super) block: Generics,
    pub(super) server: Generics,
}

/// Reports them, if there are any. What mentions them is no more.
pub(super) fn take(
    generics: &Generics,
    self_ty: &Type,
    options: &Options,
    sorted: &mut Sorted,
    errors: &mut Errors,
) -> Option<Bound> {
    let loose: Vec<Ident> = types::parameter_names(generics)
        .filter(|param| is_loose(param, generics, self_ty))
        .cloned()
        .collect();
    if loose.is_empty() {
        return None;
    }
    let server = types::keep(generics, |param| !loose.contains(param));
    let name = tokens::text(self_ty);
    for param in &loose {
        let constant = generics.const_params().find(|of| of.ident == *param);
        let declared = constant.map_or_else(
            || param.to_string(),
            |of| format!("const {param}: {}", tokens::text(&of.ty)),
        );
        let declared = match name.strip_suffix('>') {
            Some(others) => format!("{others}, {declared}>"),
            None => format!("{name}<{declared}>"),
        };
        errors.at(
            code::PARAMETER,
            param,
            format!("nothing tells what `{param}` is: it is in no type of `{name}`"),
            format!("write a type in its place; or give the server the parameter, as in `struct {declared}`"),
        );
    }
    if !tokens::mention_any(sorted.items.clone(), &loose.iter()) {
        let block = server.clone();
        return Some(Bound { block, server });
    }
    for function in &mut sorted.functions {
        function.broken = true;
        forget(function, &loose);
    }
    let mut block = generics.clone();
    let krate = options.krate();
    let is_type = |param: &&Ident| generics.type_params().any(|ty| ty.ident == **param);
    for param in loose.iter().filter(is_type) {
        let told: WherePredicate =
            syn::parse_quote!((): for<'__any> #krate::__private::Tells<'__any, Type = #param>);
        block.make_where_clause().predicates.push(told);
    }
    Some(Bound { block, server })
}

fn is_loose(param: &Ident, generics: &Generics, self_ty: &Type) -> bool {
    let is_conditional = generics.params.iter().any(|other| match other {
        GenericParam::Type(other) => !other.attrs.is_empty(),
        GenericParam::Const(other) => !other.attrs.is_empty(),
        GenericParam::Lifetime(_) => false,
    });
    let clause = &generics.where_clause;
    !is_conditional
        && !tokens::mention(self_ty.to_token_stream(), param)
        && !is_given(quote!(#generics #clause), param)
}

/// Whether it is what a bound gives: `I: Iterator<Item = T>`.
fn is_given(tokens: TokenStream, param: &Ident) -> bool {
    let mut after_equals = false;
    tokens.into_iter().any(|token| match token {
        TokenTree::Punct(punct) => {
            after_equals |= punct.as_char() == '=';
            false
        }
        TokenTree::Ident(ident) => after_equals && ident == *param,
        TokenTree::Group(group) => {
            tokens::mention(group.stream(), param) && after_equals
                || is_given(group.stream(), param)
        }
        TokenTree::Literal(_) => false,
    })
}

/// A type that mentions one of them is none.
fn forget(function: &mut Function, loose: &[Ident]) {
    let names = loose.iter();
    let forget = |ty: &mut Type| {
        if tokens::mention_any(ty.to_token_stream(), &names) {
            *ty = syn::parse_quote!(_);
        }
    };
    for param in &mut function.params {
        if let Param::Value(value) = param {
            forget(&mut value.ty);
        }
    }
    if let ReturnType::Type(_, ty) = &mut function.signature.output {
        forget(ty);
    }
    if let Some(answer) = &mut function.answer {
        forget(answer);
    }
}
