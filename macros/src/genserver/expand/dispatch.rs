//! `impl GenServer`: from each message to the user's method.

use proc_macro2::TokenStream;
use quote::quote;

use crate::genserver::expand::fields::Fields;
use crate::genserver::expand::scope::Scope;
use crate::genserver::expand::{describe, hooks, names, options};
use crate::genserver::model::Handler;
use crate::genserver::role::Message;

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
    let [call, cast, info] = Message::ALL.map(|message| scope.message_type(message));
    let args = hooks::args_type(scope);
    let options = options::expand(scope);
    let name = names::callback(scope);
    let init = hooks::init(scope);
    let try_handle = Message::ALL.map(|message| try_handle(scope, message));
    let handle = Message::ALL.map(|message| handle(scope, message));
    let handle_exit = hooks::handle_exit(scope);
    let terminate = hooks::terminate(scope);
    let describe = Message::ALL.map(|message| describe::expand(scope, message));
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
fn try_handle(scope: &Scope<'_>, sort: Message) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let (plain, waiting): (Vec<_>, Vec<_>) = server
        .of(sort)
        .partition(|handler| !handler.function.is_async());
    if plain.is_empty() {
        return None;
    }
    let (function, message, ty) = sort.callback("try_handle");
    let cx = scope.cx_param(plain.iter().any(|handler| uses_context(handler)));
    let arms = plain.iter().map(|handler| {
        arm(
            scope,
            handler,
            &|outcome| quote!(return #krate::Tried::Handled(#outcome)),
        )
    });
    let rest = if waiting.is_empty() {
        never(scope, sort)
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
fn handle(scope: &Scope<'_>, sort: Message) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let (plain, waiting): (Vec<_>, Vec<_>) = server
        .of(sort)
        .partition(|handler| !handler.function.is_async());
    if waiting.is_empty() {
        return None;
    }
    let (function, message, ty) = sort.callback("handle");
    let cx = scope.cx_param(waiting.iter().any(|handler| uses_context(handler)));
    let arms = waiting
        .iter()
        .map(|handler| arm(scope, handler, &|outcome| quote!(#outcome?)));
    // The others were handled by `try_handle_*`.
    let rest = if plain.is_empty() {
        never(scope, sort)
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

fn uses_context(handler: &Handler) -> bool {
    handler.function.takes_context()
        || (handler.message == Message::Call && !handler.function.replies_itself())
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
    let messages = scope.server.names.of(handler.message);
    if handler.message != Message::Call {
        let fields = Fields::of_message(scope, handler).pattern();
        let arguments = scope.arguments(function, |_, name| quote!(#name));
        let outcome = scope.outcome(function, &quote!(Self::#name(self, #(#arguments),*)), ends);
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
        scope.outcome(function, &answer, ends)
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
fn never(scope: &Scope<'_>, sort: Message) -> Option<TokenStream> {
    let messages = scope.server.names.of(sort);
    scope
        .server
        .is_generic()
        .then(|| quote!(#messages::__Never(never) => never.absurd(),))
}
