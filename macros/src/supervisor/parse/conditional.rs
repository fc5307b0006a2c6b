//! Parameters and entries under `#[cfg]`s.

use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, LitBool, Meta, Token};

use crate::carry::Carried;
use crate::code;
use crate::diag::Errors;
use crate::supervisor::model::Supervisor;
use crate::supervisor::parse::inside::empty;
use crate::tokens::text;
use crate::words;

/// Reads what stands under these attributes. Where its `#[cfg]`s are taken not to hold, it is read, and then forgotten.
pub(super) fn under(
    attributes: &[Attribute],
    what: &str,
    supervisor: &mut Supervisor,
    errors: &mut Errors,
    read: impl FnOnce(&mut Supervisor, &mut Errors) -> syn::Result<()>,
) -> syn::Result<()> {
    only_conditions(attributes, what, errors);
    if !each_is_readable(attributes, errors) {
        return read(supervisor, errors);
    }
    let carried = Carried::from_attributes(attributes);
    if carried.cfgs.is_empty() {
        return read(supervisor, errors);
    }
    let condition = carried.condition();
    supervisor.conditions.push(condition.clone());
    if supervisor.assumed.hold(&condition) {
        return read(supervisor, errors);
    }
    let mut forgotten = empty(supervisor, &[], supervisor.ident.clone());
    read(&mut forgotten, errors)
}

/// Whether rustc can read each `#[cfg(..)]`. What it would say of one that it cannot, it would say in each case.
fn each_is_readable(attributes: &[Attribute], errors: &mut Errors) -> bool {
    let mut readable = true;
    for attribute in attributes {
        let is_condition = match &attribute.meta {
            Meta::List(list) if list.path.is_ident("cfg") => conditions
                .parse2(list.tokens.clone())
                .is_ok_and(|of| of.len() == 1 && of.iter().all(is_condition)),
            meta => !meta.path().is_ident("cfg"),
        };
        if !is_condition {
            readable = false;
            errors.at(
                code::MISPLACED,
                &attribute.meta,
                "this `#[cfg]` has no condition that can be read",
                "write `#[cfg(feature = \"name\")]` or `#[cfg(unix)]`, or `not(..)`, `all(..)` and `any(..)` of such",
            );
        }
    }
    readable
}

/// What stands in the parentheses of a `cfg`, an `all`, or a `not`; `None` is a `true` or a `false`.
fn conditions(input: ParseStream<'_>) -> syn::Result<Punctuated<Option<Meta>, Token![,]>> {
    let condition = |input: ParseStream<'_>| {
        if input.peek(LitBool) {
            input.parse::<LitBool>().map(|_| None)
        } else {
            input.parse().map(Some)
        }
    };
    Punctuated::parse_terminated_with(input, condition)
}

/// `unix`, `feature = "name"`, `not(..)`.
fn is_condition(condition: &Option<Meta>) -> bool {
    let Some(meta) = condition else {
        return true;
    };
    match meta {
        Meta::Path(path) => !["not", "all", "any"].iter().any(|word| path.is_ident(word)),
        Meta::NameValue(pair) => {
            matches!(&pair.value, Expr::Lit(value) if matches!(value.lit, Lit::Str(_)))
        }
        Meta::List(list) => {
            let is = |words: &[&str]| words.iter().any(|word| list.path.is_ident(word));
            let within = conditions.parse2(list.tokens.clone());
            let all_are = within
                .is_ok_and(|of| (of.len() == 1 || !is(&["not"])) && of.iter().all(is_condition));
            // What these say, rustc alone knows.
            is(&["target", "version", "accessible"]) || is(&["not", "all", "any"]) && all_are
        }
    }
}

/// Anything else would do nothing.
fn only_conditions(attributes: &[Attribute], what: &str, errors: &mut Errors) {
    for attribute in attributes {
        let is_condition = !Carried::from_attributes(std::slice::from_ref(attribute))
            .cfgs
            .is_empty();
        if is_condition {
            continue;
        }
        let path = text(attribute.path());
        let (says, help) = if path == "doc" {
            let help = "write them above the supervisor, or as a comment: `//`".to_owned();
            (format!("docs say nothing of {what}"), help)
        } else {
            let help = match words::closest(&path, &["cfg", "cfg_attr"]) {
                Some(meant) => format!("write `#[{meant}(..)]`"),
                None if is_lint(&path) => "write it above the supervisor".to_owned(),
                None => format!("remove it: only `#[cfg(..)]` may stand before {what}"),
            };
            (format!("`#[{path}]` says nothing of {what}"), help)
        };
        errors.at(code::MISPLACED, attribute.to_token_stream(), says, help);
    }
}

fn is_lint(path: &str) -> bool {
    ["allow", "expect", "warn", "deny", "forbid"].contains(&path)
}
