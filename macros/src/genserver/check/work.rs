//! The rules for handlers whose work is done elsewhere: beside the server, or in a thread that may block.

use syn::{FnArg, Generics, ReturnType};

use crate::code;
use crate::diag::Errors;
use crate::genserver::model::Function;
use crate::types;

/// `parameters`: those of the server.
pub(crate) fn work(function: &Function, parameters: &[String], errors: &mut Errors) {
    match (&function.call.task, &function.call.blocking) {
        (Some(_), Some(blocking)) => errors.at(
            code::BLOCKING,
            blocking,
            "a call runs beside the server, or blocks: not both",
            "leave `task` or `blocking` out; a task may await `tokio::task::spawn_blocking(..)`",
        ),
        (Some(_), None) => task(function, parameters, errors),
        (None, Some(_)) => blocking(function, errors),
        (None, None) => {}
    }
}

/// A task's handler returns the future that answers.
fn task(function: &Function, parameters: &[String], errors: &mut Errors) {
    let used = format!("use<{}>", parameters.join(", "));
    let how = format!(
        "write `-> impl Future<Output = R> + {used}`, and `async move {{ .. }}` as the end of the body"
    );
    if let Some(token) = &function.signature.asyncness {
        errors.at(
            code::TASK,
            token,
            "a `task` is begun at once, with the state: its handler is no `async fn`",
            format!("remove `async`, and {how}"),
        );
    } else if let Some(reply) = reply_to(function) {
        errors.at(
            code::TASK,
            reply,
            "a `task` replies with what its future gives",
            "remove this argument, or `task`",
        );
    } else {
        match &function.signature.output {
            ReturnType::Type(_, ty) if is_no_future(ty) => {
                errors.at(code::TASK, ty, "a `task` returns a future", how);
            }
            ReturnType::Type(_, ty) if function.answer.is_none() => errors.at(
                code::TASK,
                ty,
                "a `task` says what its future gives: that is the reply",
                format!("write `impl Future<Output = R> + {used}`"),
            ),
            ReturnType::Type(_, ty) if types::may_borrow(ty) => errors.at(
                code::TASK,
                ty,
                "the future of a `task` runs beside the server, and borrows nothing of it",
                format!(
                    "write `+ {used}` behind it, and `async move {{ .. }}` with what it needs of the state"
                ),
            ),
            ReturnType::Type(..) => {}
            ReturnType::Default => errors.at(
                code::TASK,
                function.name(),
                "a `task` returns a future, but this returns nothing",
                how,
            ),
        }
    }
}

fn is_no_future(ty: &syn::Type) -> bool {
    types::is_unit(ty) || types::is_result(ty) || types::is_everyday(ty, &Generics::default())
}

/// What blocks does not wait.
fn blocking(function: &Function, errors: &mut Errors) {
    if let Some(token) = &function.signature.asyncness {
        errors.at(
            code::BLOCKING,
            token,
            "a handler that is `blocking` runs in a thread, where nothing is awaited",
            "remove `async` or `blocking`",
        );
    }
}

fn reply_to(function: &Function) -> Option<&syn::PatType> {
    function
        .signature
        .inputs
        .iter()
        .find_map(|input| match input {
            FnArg::Typed(typed) => types::reply_to(&typed.ty).map(|_| typed),
            FnArg::Receiver(_) => None,
        })
}
