//! What stands in front of a method of a protocol: nothing but its attribute. What is there is reported, and the method read without it.

use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Safety, TraitItem, TraitItemFn, Visibility};

use crate::code;
use crate::diag::Errors;

/// The item as a method.
pub(super) fn method(item: TraitItem, errors: &mut Errors) -> Option<TraitItemFn> {
    let visible = match &item {
        // So is it with a `pub`, of which rustc would say that it is too much.
        TraitItem::Verbatim(tokens) => visible.parse2(tokens.clone()).ok(),
        _ => None,
    };
    let mut method = match (visible, item) {
        (Some((vis, method)), _) => {
            errors.at(
                code::PLAIN_METHOD,
                vis,
                "a method of a protocol is as visible as the protocol",
                "remove the visibility: it is said in front of `trait`",
            );
            method
        }
        (None, TraitItem::Fn(method)) => method,
        (None, other) => {
            errors.at(
                code::ONLY_METHODS,
                other,
                "a protocol has only methods",
                "write methods with `#[call]` or `#[cast]`; what else there is goes beside the trait",
            );
            return None;
        }
    };
    if let Safety::Unsafe(word) = &method.sig.safety {
        errors.at(
            code::PLAIN_METHOD,
            word,
            "a method of a protocol cannot be unsafe",
            "remove `unsafe`; the body of a server's handler may have a block",
        );
        method.sig.safety = Safety::Default;
    }
    Some(method)
}

fn visible(input: ParseStream<'_>) -> syn::Result<(Visibility, TraitItemFn)> {
    let attributes = input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    let mut method: TraitItemFn = input.parse()?;
    method.attrs = attributes;
    Ok((vis, method))
}
