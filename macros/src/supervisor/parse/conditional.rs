//! Parameters and entries under `#[cfg]`s.

use quote::ToTokens;
use syn::Attribute;

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
