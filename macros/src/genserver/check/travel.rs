//! The rules for what travels from one task to another: arguments and replies are owned, and of a type that has a name.

use syn::FnArg;

use crate::code;
use crate::diag::Errors;
use crate::genserver::model::Function;
use crate::tokens;
use crate::types::{self, Obstacle};

/// The arguments of a handler, or of `#[init]`.
pub(crate) fn arguments(function: &Function, errors: &mut Errors) {
    for input in &function.signature.inputs {
        if let FnArg::Typed(typed) = input
            && function.role.has_reply()
            && let Some(handle) = types::borrowed_reply_to(&typed.ty)
        {
            errors.at(
                code::ARGUMENT_BORROWED,
                &typed.ty,
                "a handler is given its reply handle, and owns it",
                format!("write `{}`", tokens::text(handle)),
            );
        }
    }
    for value in function.values() {
        let Some(obstacle) = types::obstacle(&value.ty) else {
            continue;
        };
        match obstacle {
            Obstacle::Borrow(tokens) => {
                let how = if types::is_mutable_reference(&value.ty) {
                    "an argument travels to the server's task, so it must be owned; only the context is borrowed, and it \
                     is written `cx: &mut Context<Self>`"
                        .to_owned()
                } else if types::is_elided_cow(&tokens) {
                    "a `Cow` has a lifetime that is not written: write `Cow<'static, str>`, or `String`".to_owned()
                } else if let Some(handle) = types::borrowed_handle(&value.ty) {
                    format!(
                        "an argument travels to the server's task, so it must be owned: take `{handle}`, which is cheap to clone"
                    )
                } else {
                    "an argument travels to the server's task, so it must be owned: `String` for `&str`, `Vec<T>` for `&[T]`"
                        .to_owned()
                };
                errors.at(
                    code::ARGUMENT_BORROWED,
                    tokens,
                    "a handler cannot borrow its arguments",
                    how,
                );
            }
            Obstacle::ImplTrait(tokens) => {
                errors.at(
                    code::ONE_TYPE,
                    tokens,
                    "an argument of a handler has one type",
                    "name the type, or take a `Box<dyn Trait + Send>`; an `impl Into<T>` travels as its `T`",
                );
            }
            // rustc says so, of the user's own signature.
            Obstacle::Rejected => {}
        }
    }
}

/// The reply of a call.
pub(crate) fn reply(function: &Function, errors: &mut Errors) {
    let Some(obstacle) = function.reply_type().and_then(types::obstacle) else {
        return;
    };
    match obstacle {
        Obstacle::Borrow(tokens) if types::is_elided_cow(&tokens) => errors.at(
            code::REPLY_BORROWED,
            tokens,
            "a reply cannot borrow from the server",
            "a `Cow` has a lifetime that is not written: write `Cow<'static, str>`, or `String`",
        ),
        Obstacle::Borrow(tokens) => errors.at(
            code::REPLY_BORROWED,
            tokens,
            "a reply cannot borrow from the server",
            "a reply travels to the caller, so it must be owned: return a clone",
        ),
        Obstacle::ImplTrait(tokens) => {
            let how = "write the type; for `impl Future` make the handler an `async fn`";
            errors.at(code::ONE_TYPE, tokens, "a reply has one type", how);
        }
        Obstacle::Rejected => {}
    }
}
