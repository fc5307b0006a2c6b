//! `impl GenServer`: from each message to the user's method.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::ReturnType;

use crate::genserver::expand::message::{enum_name, message_type, pattern};
use crate::genserver::expand::{Scope, describe, hooks, options, start};
use crate::genserver::model::{Function, Handler, Role};
use crate::tokens::respan;
use crate::types;

const MESSAGES: [Role; 3] = [Role::Call, Role::Cast, Role::Info];

/// ```text
/// impl GenServer for Cache {
///     types, OPTIONS, name, init
///     try_handle_*            // the handlers that do not wait
///     handle_*                // the `async` ones
///     handle_exit, terminate, describe_*, debug_state
/// }
/// ```
pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        ty_generics,
        required,
        ..
    } = scope;
    let client = &server.names.client;
    let [call, cast, info] = MESSAGES.map(|role| message_type(scope, role));
    let args = hooks::args_type(scope);
    let options = options::expand(scope);
    let name = start::name_callback(scope);
    let init = hooks::init(scope);
    let try_handle = MESSAGES.map(|role| try_handle(scope, role));
    let handle = MESSAGES.map(|role| handle(scope, role));
    let handle_exit = hooks::handle_exit(scope);
    let terminate = hooks::terminate(scope);
    let describe = MESSAGES.map(|role| describe::expand(scope, role));
    quote! {
        impl #impl_generics #krate::GenServer for #self_ty #required {
            #args
            type Call = #call;
            type Cast = #cast;
            type Info = #info;
            type Client = #client #ty_generics;
            #options
            #name
            #init
            #(#try_handle)*
            #(#handle)*
            #handle_exit
            #terminate
            #(#describe)*
            fn debug_state(&self) -> ::core::option::Option<&dyn ::core::fmt::Debug> {
                #krate::__private::debug_of!(self)
            }
        }
    }
}

/// `try_handle_call`, `try_handle_cast` or `try_handle_info`: the handlers that are plain functions.
fn try_handle(scope: &Scope<'_>, role: Role) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let (plain, waiting): (Vec<_>, Vec<_>) = server
        .of(role)
        .partition(|handler| !handler.function.is_async());
    if plain.is_empty() {
        return None;
    }
    let (function, message, ty) = callback("try_handle", role);
    let cx = scope.cx_param(plain.iter().any(|handler| uses_context(handler)));
    let arms = plain.iter().map(|handler| {
        arm(
            scope,
            handler,
            &|outcome| quote!(return #krate::Tried::Handled(#outcome)),
        )
    });
    let rest = if waiting.is_empty() {
        never(scope, role)
    } else {
        Some(quote!(#message => return #krate::Tried::Waits(#message),))
    };
    Some(quote! {
        fn #function(
            &mut self,
            #message: Self::#ty,
            #cx: &mut #krate::Context<Self>,
        ) -> #krate::Tried<Self::#ty> {
            match #message { #(#arms)* #rest }
            #krate::Tried::Handled(::core::result::Result::Ok(()))
        }
    })
}

/// `handle_call`, `handle_cast` or `handle_info`: the `async` handlers.
fn handle(scope: &Scope<'_>, role: Role) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let (plain, waiting): (Vec<_>, Vec<_>) = server
        .of(role)
        .partition(|handler| !handler.function.is_async());
    if waiting.is_empty() {
        return None;
    }
    let (function, message, ty) = callback("handle", role);
    let cx = scope.cx_param(waiting.iter().any(|handler| uses_context(handler)));
    let arms = waiting
        .iter()
        .map(|handler| arm(scope, handler, &|outcome| quote!(#outcome?)));
    // The others were handled by `try_handle_*`.
    let rest = if plain.is_empty() {
        never(scope, role)
    } else {
        Some(quote!(_ => {}))
    };
    Some(quote! {
        async fn #function(
            &mut self,
            #message: Self::#ty,
            #cx: &mut #krate::Context<Self>,
        ) -> ::core::result::Result<(), #krate::ExitReason> {
            match #message { #(#arms)* #rest }
            ::core::result::Result::Ok(())
        }
    })
}

/// The callback's name, that of its message, and the type of that.
fn callback(prefix: &str, role: Role) -> (Ident, Ident, Ident) {
    let (word, ty) = match role {
        Role::Cast => ("cast", "Cast"),
        Role::Info => ("info", "Info"),
        _ => ("call", "Call"),
    };
    (
        format_ident!("{prefix}_{word}"),
        format_ident!("{word}"),
        format_ident!("{ty}"),
    )
}

fn uses_context(handler: &Handler) -> bool {
    handler.function.takes_context()
        || (handler.role() == Role::Call && !handler.function.replies_itself())
}

/// One handler; `ends` says what becomes of an outcome that may be an error.
fn arm(
    scope: &Scope<'_>,
    handler: &Handler,
    ends: &dyn Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let Handler {
        function, variant, ..
    } = handler;
    let (name, cfg) = (function.name_elsewhere(), function.carried.cfg());
    let messages = enum_name(scope, handler.role());
    if handler.role() != Role::Call {
        let fields = pattern(handler);
        let arguments = scope.arguments(function, |_, name| quote!(#name));
        let outcome = outcome(
            scope,
            function,
            &quote!(Self::#name(self, #(#arguments),*)),
            ends,
        );
        return quote!(#cfg #messages::#variant #fields => #outcome,);
    }
    if function.is_async() && !function.replies_itself() {
        let (krate, cx) = (scope.krate, &scope.cx);
        return quote! {
            #cfg #messages::#variant(request, reply) => {
                let answer = #krate::Request::handle_async(request, self, #cx).await;
                #cx.reply(reply, answer)
            }
        };
    }
    let arguments = scope.arguments(function, |_, name| quote!(request.#name));
    let request = if function.values().next().is_some() {
        quote!(request)
    } else {
        quote!(_)
    };
    let answer = quote!(Self::#name(self, #(#arguments),*));
    let answer = if function.replies_itself() {
        outcome(scope, function, &answer, ends)
    } else {
        let cx = &scope.cx;
        if function.takes_context() {
            quote!({ let answer = #answer; #cx.reply(reply, answer) })
        } else {
            quote!(#cx.reply(reply, #answer))
        }
    };
    quote!(#cfg #messages::#variant(#request, reply) => #answer,)
}

/// The arm for the variant that keeps the parameters of a generic server in use.
fn never(scope: &Scope<'_>, role: Role) -> Option<TokenStream> {
    let messages = enum_name(scope, role);
    scope
        .server
        .is_generic()
        .then(|| quote!(#messages::__Never(never) => never.absurd(),))
}

/// What becomes of a handler that nobody waits for: nothing, or its error is the server's end.
pub(crate) fn outcome(
    scope: &Scope<'_>,
    function: &Function,
    call: &TokenStream,
    ends: &dyn Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let krate = scope.krate;
    let call = awaited(scope, function, call);
    if function.returns_unit() || function.diverges() {
        return call;
    }
    let output = &function.signature.output;
    at_return_type(
        output,
        &ends(quote!(#krate::__private::Outcome::into_result(#call))),
    )
}

/// An error about what a function returns is shown where it says so.
pub(crate) fn at_return_type(output: &ReturnType, tokens: &TokenStream) -> TokenStream {
    match output {
        ReturnType::Type(_, ty) => respan(tokens, types::span(ty)),
        ReturnType::Default => tokens.clone(),
    }
}

/// The call, awaited if it has to be. An error about a future that is not `Send` is shown at the handler's name.
pub(crate) fn awaited(scope: &Scope<'_>, function: &Function, call: &TokenStream) -> TokenStream {
    let krate = scope.krate;
    if !function.is_async() {
        return call.clone();
    }
    respan(
        &quote!(#krate::__private::send_future(#call).await),
        function.name().span(),
    )
}
