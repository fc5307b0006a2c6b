//! The rules for what is returned where nobody waits, and for the signatures of hooks.

use quote::quote;
use syn::{Generics, ReturnType};

use crate::code;
use crate::diag::Errors;
use crate::genserver::model::{Function, Server};
use crate::genserver::role::{Hook, Message, Role};
use crate::types;

/// A value that is returned where there is nobody to take it. Of a type known by its spelling; rustc tells of the others.
pub(crate) fn no_reply(function: &Function, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = &function.signature.output else {
        return;
    };
    // What the `ReplyTo` takes is a reply, whatever it is.
    let is_reply = function.replies_itself()
        && function
            .reply_type()
            .is_some_and(|reply| quote!(#reply).to_string() == quote!(#ty).to_string());
    let is_value =
        (is_reply || types::is_everyday(ty, &Generics::default())) && !types::is_result(ty);
    if !is_value || function.returns_unit() || function.diverges() {
        return;
    }
    match function.role {
        Role::Message(Message::Call) if function.replies_itself() => errors.at(
            code::ANSWERED_ONCE,
            ty,
            "this call is answered by its `ReplyTo`",
            "remove the return type, or the `ReplyTo`",
        ),
        Role::Message(Message::Cast | Message::Info) => {
            let word = function.role.word();
            let what = format!("nobody waits for a `#[{word}]`: it has no reply");
            errors.at(
                code::NO_REPLY,
                ty,
                what,
                "make it a `#[call]`, or remove the return type",
            );
        }
        Role::Own(own) => {
            let word = Role::Own(own).word();
            let what = format!("nobody waits for a `#[{word}]`: it has no reply");
            errors.at(code::NO_REPLY, ty, what, "remove the return type");
        }
        Role::Hook(Hook::Exit) => errors.at(
            code::NO_REPLY,
            ty,
            "nobody waits for an `#[exit]` handler: it has no reply",
            "remove the return type",
        ),
        Role::Hook(Hook::Down) => errors.at(
            code::NO_REPLY,
            ty,
            "nobody waits for a `#[down]` handler: it has no reply",
            "remove the return type",
        ),
        Role::Hook(Hook::Timeout) => errors.at(
            code::NO_REPLY,
            ty,
            "nobody waits for a `#[timeout]` handler: it has no reply",
            "remove the return type",
        ),
        // What these return has rules of its own.
        Role::Message(Message::Call)
        | Role::Hook(Hook::Init | Hook::Hibernate | Hook::Terminate | Hook::FormatStatus) => {}
    }
}

/// `#[init]` returns the state.
pub(crate) fn initial_state(function: &Function, errors: &mut Errors) {
    // With a `self` it is a method that changes the state, and has its error.
    if function.returns_unit() && function.signature.receiver().is_none() {
        errors.at(
            code::INIT,
            function.name(),
            "`#[init]` makes the server's state, but this returns nothing",
            "write `-> Self`",
        );
    }
}

/// A tick says nothing.
pub(crate) fn tick(function: &Function, errors: &mut Errors) {
    if let Some(value) = function.values().next() {
        errors.at(
            code::HOOK_ARGUMENTS,
            &value.ty,
            "a tick has no arguments",
            "write `(&mut self)`; a `cx: &mut Context<Self>` may be added",
        );
    }
}

/// `#[exit]` takes who ended, and why.
pub(crate) fn exit(function: &Function, errors: &mut Errors) {
    let count = match function.values().count() {
        2 => return,
        0 => "nothing".to_owned(),
        1 => "one argument".to_owned(),
        more => format!("{more} arguments"),
    };
    errors.at(
        code::HOOK_ARGUMENTS,
        function.name(),
        format!("an `#[exit]` handler is told who ended and why, but this one takes {count}"),
        "write `(&mut self, from: Pid, reason: ExitReason)`; a `cx: &mut Context<Self>` may be added",
    );
}

/// `#[down]` takes what has ended.
pub(crate) fn down(function: &Function, errors: &mut Errors) {
    let count = match function.values().count() {
        1 => return,
        0 => "nothing".to_owned(),
        more => format!("{more} arguments"),
    };
    errors.at(
        code::HOOK_ARGUMENTS,
        function.name(),
        format!("a `#[down]` handler is told what has ended, but this one takes {count}"),
        "write `(&mut self, down: Down)`; a `cx: &mut Context<Self>` may be added",
    );
}

/// `#[timeout]` takes nothing.
pub(crate) fn timeout(function: &Function, errors: &mut Errors) {
    if let Some(value) = function.values().next() {
        errors.at(
            code::HOOK_ARGUMENTS,
            &value.ty,
            "a `#[timeout]` handler is told nothing: nothing has come",
            "write `(&mut self)`; a `cx: &mut Context<Self>` may be added",
        );
    }
}

/// `#[hibernate]` takes nothing, returns nothing, and does not wait.
pub(crate) fn hibernate(function: &Function, errors: &mut Errors) {
    if let Some(value) = function.values().next() {
        errors.at(
            code::HOOK_ARGUMENTS,
            &value.ty,
            "a `#[hibernate]` handler is told nothing",
            "write `(&mut self)`; a `cx: &mut Context<Self>` may be added",
        );
    } else if let Some(waits) = &function.signature.asyncness {
        errors.at(
            code::HOOK_WAITS,
            waits,
            "a `#[hibernate]` handler does not wait",
            "write `fn`: it gives back what the server does not need while nothing comes",
        );
    } else if let ReturnType::Type(_, ty) = &function.signature.output
        && !function.returns_unit()
        && !function.diverges()
    {
        errors.at(
            code::NO_REPLY,
            ty,
            "a `#[hibernate]` handler returns nothing",
            "remove the return type",
        );
    }
}

/// `idle` without `#[timeout]` would tell nobody.
pub(crate) fn idle(server: &Server, errors: &mut Errors) {
    if let Some(time) = &server.options.idle
        && server.hooks.timeout.is_empty()
    {
        errors.at(
            code::IDLE,
            time,
            "`idle` is for a `#[timeout]` handler, and there is none",
            "write `#[timeout] fn idle(&mut self, cx: &mut Context<Self>) { .. }`, or remove the option",
        );
    }
}

/// `#[terminate]` may take the reason, and returns nothing.
pub(crate) fn terminate(function: &Function, errors: &mut Errors) {
    if function.values().count() > 1 {
        errors.at(
            code::HOOK_ARGUMENTS,
            function.name(),
            "a `#[terminate]` handler is told the reason, and nothing else",
            "write `(&mut self)` or `(&mut self, reason: &ExitReason)`; a `cx: &mut Context<Self>` may be added",
        );
    } else if let Some(reason) = function
        .values()
        .find(|value| !types::is_reference(&value.ty))
    {
        errors.at(
            code::HOOK_ARGUMENTS,
            &reason.ty,
            "a `#[terminate]` handler borrows the reason",
            "write `reason: &ExitReason`",
        );
    }
    if let ReturnType::Type(_, ty) = &function.signature.output
        && !function.returns_unit()
        && !function.diverges()
    {
        errors.at(
            code::NO_REPLY,
            ty,
            "a `#[terminate]` handler returns nothing",
            "the reason to end is settled; remove the return type",
        );
    }
}

/// `#[format_status]` looks at the state, changes what is shown, and does nothing else.
pub(crate) fn format_status(function: &Function, errors: &mut Errors) {
    const HOW: &str = "write `(&self, status: &mut FormatStatus)`";
    if let Some(asyncness) = &function.signature.asyncness {
        errors.at(
            code::HOOK_WAITS,
            asyncness,
            "nothing waits for a `#[format_status]` hook",
            "remove `async`",
        );
    } else if let Some(receiver) = function.signature.receiver()
        && function.borrows().is_none()
        && !errors.any()
    {
        errors.at(
            code::RECEIVER,
            receiver,
            "a `#[format_status]` hook looks at the state, and does not change it",
            "write `&self`",
        );
    } else if function.takes_context() || function.values().count() != 1 {
        errors.at(
            code::HOOK_ARGUMENTS,
            function.name(),
            "a `#[format_status]` hook is told what is shown, and nothing else",
            HOW,
        );
    } else if let Some(status) = function
        .values()
        .find(|value| !types::is_reference(&value.ty))
    {
        errors.at(
            code::HOOK_ARGUMENTS,
            &status.ty,
            "a `#[format_status]` hook changes what is shown where it is",
            "write `status: &mut FormatStatus`",
        );
    } else if let ReturnType::Type(_, ty) = &function.signature.output
        && !function.returns_unit()
        && !function.diverges()
    {
        errors.at(
            code::NO_REPLY,
            ty,
            "a `#[format_status]` hook returns nothing",
            "change the `FormatStatus` that it is given, and remove the return type",
        );
    }
}
