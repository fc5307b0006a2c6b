//! The rules for a server: from the model to errors, one function a rule. A function that breaks one is marked.

mod hooks;
mod name;
mod travel;
mod work;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, GenericParam, ReceiverKind};

use self::hooks::{
    down, exit, format_status, hibernate, idle, initial_state, no_reply, terminate, tick, timeout,
};
use self::travel::{arguments, reply};
use self::work::work;
use crate::carry::split_cfg_attr;
use crate::code;
use crate::diag::Errors;
use crate::genserver::model::{Function, Server};
use crate::genserver::role::{Hook, Message, Own, Role};
use crate::types::{self, Obstacle};

/// The functions a server type is given. The last two only if it has a name.
const GENERATED: [(&str, &str); 5] = [
    ("start_link", "starts a server"),
    ("start", "starts a server without a link"),
    ("child_spec", "describes it to a supervisor"),
    ("named", "finds it by name"),
    ("whereis", "finds who has its name now"),
];

fn is_by_name(function: &str) -> bool {
    matches!(function, "named" | "whereis")
}

/// Reports every broken rule.
///
/// Whether the server is one, but for single functions: nothing can be generated for a type that is not.
pub(crate) fn check(server: &mut Server, errors: &mut Errors) -> bool {
    let is_server = server_type(server, errors);
    generated_functions(server, errors);
    name::of_text(server, errors);
    name::of_a_word(server, errors);
    name::of_the_state(server, errors);
    idle(server, errors);
    let parameters: Vec<_> = types::parameter_names(&server.generics)
        .map(Ident::to_string)
        .collect();
    let named = server.ident.clone();
    for function in server.functions_mut() {
        if function.misnamed {
            function.answer = None;
            continue;
        }
        let mut found = Errors::default();
        receiver(function, &named, &mut found);
        qualifiers(function, &mut found);
        generics(function, &mut found);
        special_arguments(function, &mut found);
        conditions(function, &mut found);
        borrowed_context(function, &named, &mut found);
        no_reply(function, &mut found);
        work(function, &parameters, &mut found);
        match function.role {
            // What borrows in the messages of a server that borrows is the same mistake.
            Role::Message(_) | Role::Own(Own::Continue) if !is_server => {}
            Role::Hook(Hook::Init) => {
                if is_server {
                    arguments(function, &mut found);
                }
                initial_state(function, &mut found);
            }
            Role::Message(Message::Call) => {
                arguments(function, &mut found);
                if !found.any() {
                    reply(function, &mut found);
                }
            }
            Role::Message(Message::Cast | Message::Info) | Role::Own(Own::Continue) => {
                arguments(function, &mut found);
            }
            Role::Own(Own::Every) => tick(function, &mut found),
            Role::Hook(Hook::Exit) => exit(function, &mut found),
            Role::Hook(Hook::Down) => down(function, &mut found),
            Role::Hook(Hook::Timeout) => timeout(function, &mut found),
            Role::Hook(Hook::Hibernate) => hibernate(function, &mut found),
            Role::Hook(Hook::Terminate) => terminate(function, &mut found),
            Role::Hook(Hook::FormatStatus) => format_status(function, &mut found),
        }
        function.broken |= found.any() || function.has_obstacle();
        if function.broken
            && function.future_type().is_some()
            && function.signature.asyncness.is_none()
        {
            // It may be of a type that is no future.
            function.answer = None;
        }
        errors.append(found);
    }
    is_server
}

fn server_type(server: &Server, errors: &mut Errors) -> bool {
    let is_lifetime = |param: &&GenericParam| matches!(param, GenericParam::Lifetime(_));
    let self_ty = syn::parse2(server.self_ty.clone()).ok();
    let borrow = match (
        server.generics.params.iter().find(is_lifetime),
        self_ty.as_ref().and_then(types::obstacle),
    ) {
        (Some(lifetime), _) => lifetime.to_token_stream(),
        (None, Some(Obstacle::Borrow(tokens))) => tokens,
        _ => return true,
    };
    let how = "a server outlives whoever starts it: its state owns what it holds";
    errors.at(
        code::SERVER_BORROWS,
        borrow,
        "a GenServer cannot borrow",
        how,
    );
    false
}

/// Whether the server type is given this function; it is not when the block has one of that name.
pub(crate) fn is_generated(server: &Server, function: &str) -> bool {
    (!is_by_name(function) || server.options.name.is_some())
        && !server.methods.iter().any(|method| method == function)
}

fn generated_functions(server: &Server, errors: &mut Errors) {
    for method in &server.methods {
        let clash = GENERATED.iter().find(|(name, _)| method == name);
        let Some((name, purpose)) =
            clash.filter(|(name, _)| !is_by_name(name) || server.options.name.is_some())
        else {
            continue;
        };
        let ident = &server.ident;
        errors.at(
            code::FUNCTION_CLASH,
            method,
            format!("the method `{name}` clashes with the function `{ident}::{name}` that `#[genserver]` generates"),
            format!("rename the method; `{ident}::{name}` {purpose}"),
        );
    }
}

/// `server`: the name of its type.
fn receiver(function: &Function, server: &Ident, errors: &mut Errors) {
    let word = function.role.word();
    let found = function.signature.receiver();
    let how = match function.role {
        Role::Hook(Hook::Init) => return no_receiver(function, errors),
        Role::Hook(Hook::Terminate | Hook::Exit | Hook::Down | Hook::Timeout | Hook::Hibernate) => {
            "write `&mut self`"
        }
        Role::Hook(Hook::FormatStatus) => "write `&self`",
        Role::Message(_) | Role::Own(_) => "write `&self` or `&mut self`",
    };
    let Some(found) = found else {
        errors.at(
            code::RECEIVER,
            function.name(),
            format!("a `#[{word}]` handler is a method of the server's state"),
            how,
        );
        return;
    };
    let what = match &found.kind {
        ReceiverKind::Reference(..) => return,
        ReceiverKind::Typed(_, ty) if types::borrows_server(ty, Some(server)) => return,
        ReceiverKind::Typed(_, ty) if !types::is_server(ty, Some(server)) => {
            format!("a `#[{word}]` handler borrows the state by a plain reference")
        }
        _ => format!("a `#[{word}]` handler borrows the state; it cannot take it away"),
    };
    errors.at(code::RECEIVER, found, what, how);
}

/// `#[init]` has no `self`.
fn no_receiver(function: &Function, errors: &mut Errors) {
    if let Some(found) = function.signature.receiver() {
        errors.at(
            code::INIT,
            found,
            "`#[init]` makes the state: there is no `self` yet",
            "remove it, and return `Self`",
        );
    }
}

fn qualifiers(function: &Function, errors: &mut Errors) {
    let word = function.role.word();
    let signature = &function.signature;
    if let syn::Safety::Unsafe(token) = &signature.safety {
        errors.at(
            code::QUALIFIERS,
            token,
            format!("a `#[{word}]` handler cannot be unsafe"),
            "remove `unsafe`; the body may have a block",
        );
    }
    if let Some(abi) = &signature.abi {
        errors.at(
            code::QUALIFIERS,
            abi,
            format!("a `#[{word}]` handler has Rust's own calling convention"),
            "remove `extern`",
        );
    }
}

fn generics(function: &Function, errors: &mut Errors) {
    let param = function
        .signature
        .generics
        .params
        .iter()
        .find(|param| !matches!(param, GenericParam::Lifetime(_)));
    if let Some(param) = param {
        errors.at(
            code::GENERIC,
            param,
            "a handler cannot be generic: a message has one type",
            "name the type, use an enum or a `Box<dyn Trait + Send>`, or make the server generic",
        );
    } else if let Some(clause) = &function.signature.generics.where_clause {
        errors.at(
            code::GENERIC,
            clause.where_token,
            "a handler has no conditions of its own",
            "put the where clause on the impl block",
        );
    }
}

fn special_arguments(function: &Function, errors: &mut Errors) {
    let (mut contexts, mut replies) = (0, 0);
    for typed in typed(function) {
        if types::is_context(&typed.ty) {
            contexts += 1;
            if contexts == 2 {
                errors.at(
                    code::CONTEXT,
                    typed,
                    "there is one context",
                    "remove this argument",
                );
            }
        } else if function.role.has_reply() && types::reply_to(&typed.ty).is_some() {
            replies += 1;
            if replies == 2 {
                errors.at(
                    code::ANSWERED_ONCE,
                    typed,
                    "a call is answered once",
                    "remove this argument",
                );
            }
        }
        if let Some(cfg) = typed.attrs.iter().find(|attr| may_leave_out(&attr.meta)) {
            errors.at(
                code::CONDITIONAL_ARGUMENT,
                cfg,
                "an argument of a handler cannot be conditional",
                "write two handlers, each with `#[cfg(..)]`",
            );
        }
    }
}

/// `#[cfg(..)]`, and `#[cfg_attr(.., cfg(..))]`: what has it may not be there.
fn may_leave_out(meta: &syn::Meta) -> bool {
    meta.path().is_ident("cfg")
        || split_cfg_attr(meta).is_some_and(|(_, metas)| metas.iter().any(may_leave_out))
}

/// `cx: Context<Self>`: recognised as what was meant, for a message it can hardly be. And `cx: &Context<Self>` where the handler may wait:
/// rustc would say that its future is not `Send`.
fn borrowed_context(function: &Function, server: &Ident, errors: &mut Errors) {
    for typed in typed(function) {
        let what = if types::is_owned_context(&typed.ty, Some(server)) {
            "the context is borrowed"
        } else if function.is_async() && types::is_shared_context(&typed.ty) {
            "an `async` handler has the context for itself"
        } else {
            continue;
        };
        errors.at(
            code::CONTEXT,
            &typed.ty,
            what,
            "write `cx: &mut Context<Self>`",
        );
    }
}

fn conditions(function: &Function, errors: &mut Errors) {
    if function.role == Role::Hook(Hook::Init)
        && let Some(cfg) = function.carried.cfgs.first()
    {
        errors.at(
            code::CONDITIONAL_INIT,
            inside(cfg),
            "`#[init]` cannot be conditional",
            "put `#[cfg(..)]` on statements inside it",
        );
    }
}

/// What stands in `#[..]`: the rest of an attribute made anew is not the user's.
fn inside(attribute: &TokenStream) -> TokenStream {
    let group = attribute.clone().into_iter().find_map(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    group.unwrap_or_default()
}

fn typed(function: &Function) -> impl Iterator<Item = &syn::PatType> {
    function
        .signature
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        })
}
