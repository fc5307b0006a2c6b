//! `impl Dispatch`: from each message to the user's method, once.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use crate::genserver::expand::fields::Fields;
use crate::genserver::expand::scope::{Scope, at_return_type};
use crate::genserver::expand::{attach, parts};
use crate::genserver::model::{Function, Handler};
use crate::genserver::role::Message;

/// ```text
/// impl Dispatch<Cache> for CacheCast {
///     handle_now      // the handlers that do not wait
///     waits, handle   // the `async` ones
///     handler, describe
/// }
/// ```
pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    Message::ALL
        .into_iter()
        .filter_map(|sort| dispatch(scope, sort))
        .collect()
}

fn dispatch(scope: &Scope<'_>, sort: Message) -> Option<TokenStream> {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        ty_generics,
        stated,
        ..
    } = scope;
    if !server.has(sort) {
        return None;
    }
    let messages = server.names.of(sort);
    let handle_now = handle_now(scope, sort);
    let handle = handle(scope, sort);
    let listed = listed(scope, sort);
    let describe = describe(scope, sort);
    let attaches = (sort == Message::Info && server.part.is_none()).then(|| attach::uses(scope));
    let named = parts::is_named(scope, sort);
    let stated = Scope::with(stated, &scope.bounds.granted(Some(sort)));
    Some(quote! {
        impl #impl_generics #krate::__private::Dispatch<#self_ty> for #messages #ty_generics #stated {
            #handle_now
            #handle
            #listed
            #describe
            #attaches
            #named
        }
    })
}

/// The handlers that are plain functions, and those that are `async`.
fn plain_and_waiting<'a>(scope: &Scope<'a>, sort: Message) -> (Vec<&'a Handler>, Vec<&'a Handler>) {
    let handlers = scope.server.of(sort);
    handlers.partition(|handler| !handler.function.is_async())
}

fn handle_now(scope: &Scope<'_>, sort: Message) -> Option<TokenStream> {
    let Scope {
        krate,
        self_ty,
        state,
        ..
    } = scope;
    let (plain, waiting) = plain_and_waiting(scope, sort);
    let parts = parts::handled_now(scope, sort);
    if plain.is_empty() && parts.is_empty() {
        return None;
    }
    let uses_cx = !parts.is_empty() || plain.iter().any(|handler| uses_context(handler));
    let cx = scope.cx_param(uses_cx);
    let arms = plain.iter().map(|handler| plain_arm(scope, handler));
    let rest = rest(scope, sort, &waiting);
    Some(quote! {
        fn handle_now(
            self,
            #state: &mut #self_ty,
            #cx: &mut #krate::Context<#self_ty>,
        ) -> ::core::result::Result<(), #krate::ExitReason> {
            match self { #(#arms)* #(#parts)* #rest }
        }
    })
}

/// The arms for what is handled elsewhere.
fn rest(scope: &Scope<'_>, sort: Message, elsewhere: &[&Handler]) -> Option<TokenStream> {
    if elsewhere.is_empty() {
        never(scope, sort)
    } else {
        Some(quote!(_ => ::core::result::Result::Ok(()),))
    }
}

fn handle(scope: &Scope<'_>, sort: Message) -> Option<TokenStream> {
    let Scope {
        krate,
        self_ty,
        state,
        ..
    } = scope;
    let (plain, waiting) = plain_and_waiting(scope, sort);
    let waits = is_waiting(scope, sort, &plain, &waiting);
    let parts = parts::handled(scope, sort);
    if waiting.is_empty() && parts.is_empty() {
        return waits;
    }
    let uses_cx = !parts.is_empty() || waiting.iter().any(|handler| uses_context(handler));
    let cx = scope.cx_param(uses_cx);
    let arms = waiting.iter().map(|handler| waiting_arm(scope, handler));
    let rest = rest(scope, sort, &plain);
    Some(quote! {
        #waits
        async fn handle<__Carry: #krate::__private::Carry>(
            self,
            #state: &mut #self_ty,
            #cx: &mut #krate::Context<#self_ty>,
        ) -> ::core::result::Result<(), #krate::ExitReason> {
            match self { #(#arms)* #(#parts)* #rest }
        }
    })
}

/// Whether the handler of a message is one of the `async` ones, or of those that block; and whether it is one of these. `None`: none
/// is.
fn is_waiting(
    scope: &Scope<'_>,
    sort: Message,
    plain: &[&Handler],
    waiting: &[&Handler],
) -> Option<TokenStream> {
    if !scope.server.parts.is_empty() {
        let waits = yes_or_no(scope, sort, "waits", |function| {
            function.is_async() || function.blocks()
        });
        let blocks = yes_or_no(scope, sort, "blocks", Function::blocks);
        return Some(quote!(#waits #blocks));
    }
    let (blocking, plain): (Vec<&Handler>, Vec<&Handler>) =
        plain.iter().partition(|handler| handler.function.blocks());
    if waiting.is_empty() && blocking.is_empty() {
        return None;
    }
    let waits = all_but(scope, sort, &plain);
    let blocks = (!blocking.is_empty()).then(|| {
        let others: Vec<_> = plain.into_iter().chain(waiting.iter().copied()).collect();
        let body = all_but(scope, sort, &others);
        quote! {
            fn blocks(&self) -> ::core::primitive::bool {
                #body
            }
        }
    });
    Some(quote! {
        fn waits(&self) -> ::core::primitive::bool {
            #waits
        }
        #blocks
    })
}

/// The same for a server with parts, which say it of their own messages.
fn yes_or_no(
    scope: &Scope<'_>,
    sort: Message,
    question: &str,
    is: impl Fn(&Function) -> bool,
) -> TokenStream {
    let name = format_ident!("{question}");
    let own = scope.server.of(sort).map(|handler| {
        let is = is(&handler.function);
        (rest_of(handler), quote!(#is))
    });
    let body = by_ref(scope, sort, own.collect(), &name);
    quote! {
        fn #name(&self) -> ::core::primitive::bool {
            #body
        }
    }
}

/// What stands behind the name of a variant, whatever it holds.
fn rest_of(handler: &Handler) -> TokenStream {
    match handler.message {
        Message::Call => quote!((..)),
        Message::Cast | Message::Info if has_no_values(handler) => quote!(),
        Message::Cast | Message::Info => quote!({ .. }),
    }
}

/// `true` for all messages but these.
fn all_but(scope: &Scope<'_>, sort: Message, others: &[&Handler]) -> TokenStream {
    let messages = scope.server.names.of(sort);
    if others.is_empty() {
        return quote!(true);
    }
    let arms = others.iter().map(|handler| {
        let (variant, cfg) = (&handler.variant, handler.function.carried.cfg());
        quote!(#cfg #messages::#variant { .. } => false,)
    });
    quote!(match self { #(#arms)* _ => true })
}

fn uses_context(handler: &Handler) -> bool {
    let function = &handler.function;
    function.takes_context() || answers_by_request(handler) || function.is_task()
}

/// Whether a call is answered through its request, as a caller does it in place.
pub(super) fn answers_by_request(handler: &Handler) -> bool {
    let function = &handler.function;
    handler.message == Message::Call && !function.replies_itself() && !function.is_task()
}

/// `CacheCall::Get(request, reply) => request.answer(..)`, `CacheCast::Save { new } => Cache::save(..).into_result()`
fn plain_arm(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let Scope {
        krate, state, cx, ..
    } = scope;
    let pattern = pattern(scope, handler);
    let handled = if answers_by_request(handler) {
        let answer = if asks_elsewhere(scope, handler) {
            quote!(#krate::__private::answer)
        } else {
            quote!(#krate::Request::answer)
        };
        quote!(#answer(request, #state, reply, #cx))
    } else if handler.function.is_task() {
        // The handler first: it may take the context. An error about its future is shown where it says what it returns.
        let future = call(scope, handler);
        let ty = scope.future_in_message(&handler.function);
        let answer = quote!({
            let future #ty = #future;
            #krate::__private::answer_by_task(#cx, reply, future)
        });
        at_return_type(&handler.function.signature.output, &answer)
    } else {
        let wrap = |call| quote!(#krate::__private::Outcome::into_result(#call));
        scope.outcome(&handler.function, call(scope, handler), &wrap)
    };
    quote!(#pattern => #handled,)
}

fn waiting_arm(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let Scope {
        krate, state, cx, ..
    } = scope;
    let pattern = pattern(scope, handler);
    if answers_by_request(handler) {
        let Some(held) = scope.held(&handler.function) else {
            let begin = quote!(#krate::Request::handle_async);
            return quote! {
                #pattern => {
                    let answer = __Carry::begin(#begin(request, #state, #cx)).await;
                    #cx.reply(reply, answer);
                    ::core::result::Result::Ok(())
                }
            };
        };
        return quote! {
            #pattern => {
                let how = #held;
                let reply = how.hold(reply);
                let answer = __Carry::begin(how.begin(request, #state, #cx)).await;
                how.reply(#cx, reply, answer)
            }
        };
    }
    let wrap = |call| quote!(#krate::__private::Outcome::into_result(#call));
    // Where the future of the handler is shown, or one that is not `Send` is two errors.
    let at = Span::call_site().located_at(handler.function.name().span());
    let begin = |future| quote_spanned!(at=> __Carry::begin(#future));
    let awaited = scope.awaited_as(&handler.function, call(scope, handler), &begin);
    let outcome = scope.outcome_of(&handler.function, awaited, &wrap);
    quote!(#pattern => #outcome,)
}

/// Whether something of the request may be no traveler, of which the error is elsewhere. Then its trait's own functions are not called:
/// rustc asks once more there.
fn asks_elsewhere(scope: &Scope<'_>, handler: &Handler) -> bool {
    scope.held(&handler.function).is_some()
}

/// The variant, taken apart.
fn pattern(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let (variant, cfg) = (&handler.variant, handler.function.carried.cfg());
    let messages = scope.server.names.of(handler.message);
    match handler.message {
        Message::Call if !answers_by_request(handler) && has_no_values(handler) => {
            quote!(#cfg #messages::#variant(_, reply))
        }
        Message::Call => quote!(#cfg #messages::#variant(request, reply)),
        Message::Cast | Message::Info => {
            let fields = Fields::of_message(scope, handler).pattern();
            quote!(#cfg #messages::#variant #fields)
        }
    }
}

/// The call of the user's method.
fn call(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let Scope {
        self_path, state, ..
    } = scope;
    let name = handler.function.name_elsewhere();
    let arguments = scope.arguments(&handler.function, |_, name| match handler.message {
        Message::Call => quote!(request.#name),
        Message::Cast | Message::Info => quote!(#name),
    });
    quote!(#self_path::#name(#state, #(#arguments),*))
}

fn has_no_values(handler: &Handler) -> bool {
    handler.function.values().next().is_none()
}

/// The arm for the variant that keeps the parameters of a generic server in use.
fn never(scope: &Scope<'_>, sort: Message) -> Option<TokenStream> {
    let messages = scope.server.names.of(sort);
    scope
        .has_never(sort)
        .then(|| quote!(#messages::__Never(never) => never.absurd(),))
}

/// Which of the handlers that the server lists each message is for.
fn listed(scope: &Scope<'_>, sort: Message) -> TokenStream {
    let krate = scope.krate;
    let arms = scope.server.of(sort).map(|handler| {
        let index = scope.number_of(handler);
        (rest_of(handler), quote!(#krate::__private::listed(#index)))
    });
    let body = by_ref(scope, sort, arms.collect(), &format_ident!("handler"));
    quote! {
        fn handler(&self) -> ::core::primitive::u32 {
            #body
        }
    }
}

/// With `last_message`: the same, and the arguments.
fn describe(scope: &Scope<'_>, sort: Message) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    if !server.describes() {
        return None;
    }
    let arms = server.of(sort).map(|handler| {
        if handler.message == Message::Call {
            return (
                quote!((request, _)),
                quote!(#krate::RequestMessage::describe(request)),
            );
        }
        let name = handler.function.name().unraw().to_string();
        let values = handler.function.values().map(|value| &value.name);
        let shown = values.map(|value| quote!(.arg(#krate::__private::debug_of!(#value))));
        (
            Fields::of_message(scope, handler).pattern(),
            quote!(#krate::__private::Described::new(#name) #(#shown)*),
        )
    });
    let body = by_ref(scope, sort, arms.collect(), &format_ident!("describe"));
    Some(quote! {
        fn describe(&self) -> #krate::__private::Described<'_> {
            #body
        }
    })
}

/// A match over the messages behind `&self`; for each handler, what stands behind the variant's name, and the value. A part's are
/// asked in their turn.
fn by_ref(
    scope: &Scope<'_>,
    sort: Message,
    arms: Vec<(TokenStream, TokenStream)>,
    asked: &Ident,
) -> TokenStream {
    let server = scope.server;
    let messages = server.names.of(sort);
    let arms = server.of(sort).zip(arms).map(|(handler, (rest, value))| {
        let (variant, cfg) = (&handler.variant, handler.function.carried.cfg());
        quote!(#cfg #messages::#variant #rest => #value,)
    });
    // rustc takes a reference for one to something, even if all variants are gone by `#[cfg]`.
    let may_be_empty = !scope.has_never(sort)
        && server
            .of(sort)
            .all(|handler| !handler.function.carried.cfgs.is_empty())
        && server.parts.iter().all(|part| !part.cfg.is_empty());
    let parts = parts::asked(scope, sort, asked);
    let rest = if may_be_empty {
        Some(quote!(_ => ::core::unreachable!(),))
    } else {
        never(scope, sort)
    };
    quote!(match self { #(#arms)* #(#parts)* #rest })
}
