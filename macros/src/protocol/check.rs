//! From the trait that was written to the model: one function looks at the trait, one at each method.

mod plain;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{
    FnArg, GenericParam, ItemTrait, Meta, Pat, ReceiverKind, ReturnType, Token, TraitItem,
    TraitItemFn, Type,
};

use crate::carry::Carried;
use crate::code::{self, Code};
use crate::diag::Errors;
use crate::naming::{self, Fresh};
use crate::protocol::model::{Method, Protocol, Sort};
use crate::room;
use crate::tokens;
use crate::types::{self, Obstacle};

/// What the client has of its own.
const RESERVED: &[&str] = &["stand_in", "from_fn", "vacant", "fill", "of_server"];

/// The trait without our attributes, and the model of what is sound in it.
pub(crate) fn check(
    mut item: ItemTrait,
    krate: TokenStream,
    errors: &mut Errors,
) -> (TokenStream, Option<Protocol>) {
    let mut whole = true;
    if !item.supertraits.is_empty() {
        errors.at(
            code::SUPERTRAITS,
            &item.supertraits,
            "a protocol has no supertraits",
            "remove them: a server that speaks several protocols says `protocols(One, Other)`",
        );
        whole = false;
    }
    for param in &item.generics.params {
        if let GenericParam::Lifetime(param) = param {
            errors.at(
                code::LIFETIMES,
                param,
                "a protocol has no lifetimes",
                "messages travel to the server's task, so they are owned: remove the lifetime",
            );
            whole = false;
        }
    }
    let mut methods: Vec<Method> = Vec::new();
    let mut kept = Vec::new();
    for item in item.items {
        let Some(mut method) = plain::method(item, errors) else {
            continue;
        };
        let name = &method.sig.ident;
        let conditional = has_cfg(&method);
        if methods
            .iter()
            .any(|other| other.ident == *name && !(conditional && other.is_conditional()))
        {
            errors.at(
                code::METHOD_TWICE,
                name,
                format!("the method `{name}` is there twice"),
                "rename one of the two: a server has one handler of a name",
            );
            continue;
        }
        let sort = take_sort(&mut method, errors);
        of_a_handler(&mut method, sort.as_ref(), errors);
        let sound = sort.and_then(|sort| check_method(&method, &sort, errors));
        if sound.is_none() {
            // So that the trait object, which is there for the other methods, makes no second error.
            let clause = method.sig.generics.make_where_clause();
            clause
                .predicates
                .push(syn::parse_quote!(Self: ::core::marker::Sized));
        }
        methods.extend(sound);
        kept.push(TraitItem::Fn(method));
    }
    item.items = kept;
    let protocol = whole.then(|| Protocol {
        krate,
        carried: Carried::from_attributes(&item.attrs),
        vis: tokens::our(&item.vis),
        ident: item.ident.clone(),
        generics: room::without(&item.generics),
        methods,
    });
    (room::in_trait(item), protocol)
}

fn has_cfg(method: &TraitItemFn) -> bool {
    !Carried::from_attributes(&method.attrs).cfgs.is_empty()
}

/// Takes `#[call]` or `#[cast]` off a method.
fn take_sort(method: &mut TraitItemFn, errors: &mut Errors) -> Option<Ident> {
    let mut found: Option<Ident> = None;
    let mut wrong = false;
    let mut kept = Vec::new();
    for attribute in std::mem::take(&mut method.attrs) {
        let Some(word) = attribute.path().segments.last().map(|last| &last.ident) else {
            continue;
        };
        match word.to_string().as_str() {
            "call" | "cast" => {
                if !matches!(attribute.meta, Meta::Path(_)) {
                    errors.at(
                        code::PROTOCOL_OPTIONS,
                        &attribute.meta,
                        format!("`#[{word}]` of a protocol has no options"),
                        format!(
                            "write `#[{word}]`: options are said by the handler of each server"
                        ),
                    );
                    wrong = true;
                }
                if found.is_some() {
                    errors.at(
                        code::CALL_OR_CAST,
                        &attribute.meta,
                        "a method of a protocol is a call or a cast",
                        "remove one of the two attributes",
                    );
                    wrong = true;
                }
                found = Some(word.clone());
            }
            "info" => {
                errors.at(
                    code::NO_OTHER_ROLE,
                    word,
                    "a protocol has no `#[info]`",
                    "write `#[cast]`; a message that servers take by an `#[info]` handler is sent to a `Recipient<M>`",
                );
                wrong = true;
            }
            "init" | "terminate" | "exit" | "down" | "timeout" | "hibernate" | "every"
            | "handle_continue" | "format_status" => {
                errors.at(
                    code::NO_OTHER_ROLE,
                    word,
                    format!("a protocol has no `#[{word}]`"),
                    "write `#[call]` or `#[cast]`: what a server does in its own life is its own affair",
                );
                wrong = true;
            }
            _ => kept.push(attribute),
        }
    }
    method.attrs = kept;
    if wrong {
        return None;
    }
    if found.is_none() {
        let name = &method.sig.ident;
        errors.at(
            code::CALL_OR_CAST,
            name,
            format!("`{name}` is neither a call nor a cast"),
            "write `#[call]` in front of it if its caller waits for the reply, and `#[cast]` if not",
        );
    }
    found
}

/// A context, and the `ReplyTo` of a call, are taken by handlers. They are reported, and the method read without them.
fn of_a_handler(method: &mut TraitItemFn, sort: Option<&Ident>, errors: &mut Errors) {
    let is_call = sort.is_some_and(|sort| sort == "call");
    let signature = &mut method.sig;
    let mut reply = None;
    let inputs = std::mem::take(&mut signature.inputs);
    signature.inputs = inputs
        .into_iter()
        .filter(|input| {
            let FnArg::Typed(typed) = input else {
                return true;
            };
            if types::is_context(&typed.ty) || types::is_owned_context(&typed.ty, None) {
                errors.at(
                    code::OF_A_HANDLER,
                    &typed.ty,
                    "a protocol knows no context: it is of a server's own type",
                    "remove it here; the handler of a server may take one",
                );
                return false;
            }
            let Some(answer) = types::reply_to(&typed.ty).filter(|_| is_call) else {
                return true;
            };
            errors.at(
                code::OF_A_HANDLER,
                &typed.ty,
                "what a call of a protocol gives is what it returns",
                format!(
                    "write `-> {}`; the handler of a server may take a `ReplyTo`",
                    tokens::text(answer)
                ),
            );
            reply = Some(answer.clone());
            false
        })
        .collect();
    if let (Some(reply), ReturnType::Default) = (reply, &signature.output) {
        signature.output = ReturnType::Type(<Token![->]>::default(), Box::new(reply));
    }
    types::end_bounds(signature);
}

fn check_method(method: &TraitItemFn, sort: &Ident, errors: &mut Errors) -> Option<Method> {
    let signature = &method.sig;
    let name = &signature.ident;
    // What is wrong is said once for each method that it is wrong in.
    let mut said = |code: Code, tokens: TokenStream, what: &str, how: &str| {
        errors.at(code, tokens, what, how);
        None
    };
    if let Some(body) = &method.default {
        return said(
            code::BODY,
            quote!(#body),
            "a method of a protocol has no body",
            "write `;` for it: each server that speaks the protocol has a handler",
        );
    }
    if !signature.generics.params.is_empty() || signature.generics.where_clause.is_some() {
        let generics = &signature.generics;
        let tokens = if generics.params.is_empty() {
            generics.where_clause.to_token_stream()
        } else {
            quote!(#generics)
        };
        return said(
            code::GENERIC_METHOD,
            tokens,
            "a method of a protocol is not generic",
            "name the types, or make the trait generic: `trait KeyValue<V>`",
        );
    }
    if let Some(word) = &signature.asyncness {
        return said(
            code::ASYNC_METHOD,
            quote!(#word),
            "a method of a protocol is not `async`",
            "remove `async`: it says what is asked, and each server's handler may be `async` or not",
        );
    }
    if RESERVED.iter().any(|reserved| name == reserved) {
        let what = format!("each client of a protocol has a method `{name}` already");
        return said(
            code::RESERVED_NAME,
            quote!(#name),
            &what,
            "give the method another name",
        );
    }
    let Some(receiver) = signature.receiver() else {
        return said(
            code::METHOD_RECEIVER,
            quote!(#name),
            "a method of a protocol is asked of a server",
            "write `&self` or `&mut self` as its first argument",
        );
    };
    let borrows = match &receiver.kind {
        ReceiverKind::Reference(_, lifetime, _) => lifetime.is_none(),
        ReceiverKind::Typed(_, ty) => types::borrows_server(ty, None),
        _ => false,
    };
    if !borrows {
        return said(
            code::METHOD_RECEIVER,
            quote!(#receiver),
            "a method of a protocol borrows the server",
            "write `&self` or `&mut self`: the server stays when the message is handled",
        );
    }
    let args = arguments(method, errors)?;
    let reply = match &signature.output {
        ReturnType::Type(_, ty) if !types::is_unit(ty) => Some(&**ty),
        _ => None,
    };
    let sort = match reply {
        Some(ty) if sort == "cast" => {
            errors.at(
                code::CAST_RETURNS,
                ty,
                "nobody waits for what a `#[cast]` returns",
                "write `#[call]`, or remove the type",
            );
            return None;
        }
        // As of a server's handler: it is no type for what travels.
        Some(ty) if types::is_never(ty) => Sort::Call(quote!(::core::convert::Infallible)),
        Some(ty) => {
            is_sound(ty, "a reply", errors)?;
            Sort::Call(ty.to_token_stream())
        }
        None if sort == "cast" => Sort::Cast,
        None => Sort::Call(quote!(())),
    };
    Some(Method {
        carried: Carried::from_attributes(&method.attrs),
        ident: name.clone(),
        args,
        sort,
    })
}

fn arguments(method: &TraitItemFn, errors: &mut Errors) -> Option<Vec<(Ident, Type)>> {
    let mut taken = Fresh::default();
    let mut args = Vec::new();
    let mut sound = true;
    for input in &method.sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        sound &= is_sound(&typed.ty, "an argument", errors).is_some();
        let name = match &*typed.pat {
            Pat::Ident(named) => naming::our(&named.ident),
            _ => format_ident!("arg"),
        };
        let text = taken.text(&name.unraw().to_string());
        let name = naming::ident(&text, Span::call_site().located_at(name.span())).unwrap_or(name);
        args.push((name, (*typed.ty).clone()));
    }
    sound.then_some(args)
}

fn is_sound(ty: &Type, what: &str, errors: &mut Errors) -> Option<()> {
    let own = Ident::new("Self", Span::call_site());
    if let Type::TraitObject(object) = types::ungroup(ty)
        && object.dyn_token.is_none()
    {
        errors.at(
            code::NAMED_TYPE,
            ty,
            format!("expected the type of {what}"),
            "write a type, or a `Box<dyn Trait + Send>`",
        );
        return None;
    }
    match types::obstacle(ty) {
        Some(Obstacle::Borrow(tokens)) => errors.at(
            code::PROTOCOL_BORROWS,
            tokens,
            format!("{what} of a protocol cannot be borrowed"),
            "it travels between tasks, so it must be owned: `String` for `&str`, `Vec<T>` for `&[T]`",
        ),
        Some(Obstacle::ImplTrait(tokens)) => errors.at(
            code::NAMED_TYPE,
            tokens,
            format!("{what} of a protocol has one type"),
            "name the type, or write a `Box<dyn Trait + Send>`",
        ),
        // rustc says so.
        Some(Obstacle::Rejected) => {}
        None if tokens::mention(ty.to_token_stream(), &own) => errors.at(
            code::NAMED_TYPE,
            ty,
            "a protocol does not know the type of the server",
            "name a type in the place of `Self`",
        ),
        None => return Some(()),
    }
    None
}
