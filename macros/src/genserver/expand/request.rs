//! Requests: a type for each call, that a client hands over and a caller may answer in place.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use crate::genserver::expand::dispatch::answers_by_request;
use crate::genserver::expand::fields::Fields;
use crate::genserver::expand::scope::Scope;
use crate::genserver::model::Handler;
use crate::genserver::role::Message;
use crate::tokens::written_at;

/// ```text
/// #[call] fn get(&self) -> u8          struct CacheGetCall;
///                                      impl Request<Cache> for CacheGetCall { handle or handle_async }
///                                      impl RequestMessage<Cache> for CacheGetCall { into_call, take_back }
/// ```
pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let calls = scope.server.of(Message::Call);
    calls.map(|handler| request(scope, handler)).collect()
}

fn request(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        ty_generics,
        declared,
        stated,
        ..
    } = scope;
    let Handler {
        function,
        variant,
        request,
        ..
    } = handler;
    let (vis, cfg) = (&function.vis, function.carried.cfg());
    let call = &server.names.call;
    let name = function.name().unraw().to_string();
    let index = scope.number_of(handler);
    let reply = scope.in_message(function.reply_tokens());
    let fields = Fields::of_request(scope, handler);
    let (args, back) = (fields.args_type(), fields.args(&quote!(request.)));
    let taken = if fields.has_values() {
        quote!(request)
    } else {
        quote!(_)
    };
    let (calls, into_call) = (
        quote!(#call #ty_generics),
        quote!(#call::#variant(self, reply)),
    );
    let (taken_back, pattern) = (quote!(call), quote!(#call::#variant(#taken, _)));
    let (calls, into_call, taken_back, pattern) = match scope.in_server() {
        None => (calls, into_call, taken_back, pattern),
        Some(in_server) => (
            quote!(<#self_ty as #krate::GenServer>::Call),
            quote!(#in_server::call(#into_call)),
            quote!(#in_server::call_back(call)),
            quote!(::core::option::Option::Some(#pattern)),
        ),
    };
    // Where there is no other message, there is nothing else.
    let is_only = scope.in_server().is_none()
        && server.parts.is_empty()
        && !server.is_generic()
        && server.of(Message::Call).count() == 1;
    let otherwise = (!is_only).then(|| quote!(else { return ::core::option::Option::None; }));
    let structure = if fields.is_empty() {
        quote!(struct #request #impl_generics #declared;)
    } else {
        let fields = fields.declaration();
        quote!(struct #request #impl_generics #declared #fields)
    };
    let timeout = function.call.timeout.as_ref().map(|timeout| {
        let timeout = scope.outside(timeout);
        quote! {
            const TIMEOUT: ::core::option::Option<::core::time::Duration> = #timeout;
        }
    });
    let in_place = in_place(scope, handler);
    let describe = described(scope, handler);
    let docs = format!(" The call [`{}::{name}`].", server.link);
    let granted = Scope::with(stated, &scope.bounds.held(function.traveling()));
    // Where there is a future.
    let may_wait = if function.is_async() && answers_by_request(handler) {
        Scope::with(stated, scope.bounds.request(handler).as_slice())
    } else {
        granted.clone()
    };
    quote! {
        #cfg
        #[doc = #docs]
        #vis #structure

        #cfg
        impl #impl_generics #krate::Request<#self_ty> for #request #ty_generics #may_wait {
            #in_place
        }

        #cfg
        impl #impl_generics #krate::RequestMessage<#self_ty> for #request #ty_generics #granted {
            type Reply = #reply;
            type Args = #args;
            const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(#index);
            #timeout
            fn into_call(self, reply: #krate::ReplyTo<Self::Reply>) -> #calls {
                #into_call
            }
            fn take_back(call: #calls) -> ::core::option::Option<Self::Args> {
                let #pattern = #taken_back #otherwise;
                ::core::option::Option::Some(#back)
            }
            #describe
        }
    }
}

/// How a caller runs the handler itself: `Request::handle`, or `handle_async` where it may wait.
fn in_place(scope: &Scope<'_>, handler: &Handler) -> Option<TokenStream> {
    let Scope {
        krate,
        self_ty,
        self_path,
        state,
        ..
    } = scope;
    let function = &handler.function;
    if !answers_by_request(handler) {
        return None;
    }
    let name = function.name_elsewhere();
    let arguments = scope.arguments(function, |_, name| quote!(self.#name));
    let cx = scope.cx_param(function.takes_context());
    let answer = quote!(#self_path::#name(#state, #(#arguments),*));
    let reply = quote!(Self::Reply);
    let (mode, method, returns, answer) = if function.blocks() {
        // In a thread for such: as a message only.
        (quote!(Message), quote!(fn handle), reply, answer)
    } else if !function.is_async() {
        (quote!(Sync), quote!(fn handle), reply, answer)
    } else if function.diverges() {
        let answer = scope.awaited(function, answer);
        (quote!(Async), quote!(async fn handle_async), reply, answer)
    } else {
        // No future around the handler's own: each would have room for the arguments.
        let future = quote!(impl ::core::future::Future<Output = #reply> + ::core::marker::Send);
        // That it has to be `Send` is said here, so `answer` does not say it a second time.
        let future = written_at(&future, function.name().span());
        let answer = scope.future_as_is(function, &answer);
        (quote!(Async), quote!(fn handle_async), future, answer)
    };
    Some(quote! {
        const MODE: #krate::__private::Mode = #krate::__private::Mode::#mode;
        #method(
            self,
            #state: &mut #self_ty,
            #cx: &mut #krate::Context<#self_ty>,
        ) -> #returns {
            #answer
        }
    })
}

fn described(scope: &Scope<'_>, handler: &Handler) -> Option<TokenStream> {
    let krate = scope.krate;
    if !scope.server.describes() || handler.function.values().next().is_none() {
        return None;
    }
    let name = handler.function.name().unraw().to_string();
    let names = handler.function.values().map(|value| &value.name);
    Some(quote! {
        fn describe(&self) -> #krate::__private::Described<'_> {
            #krate::__private::Described::new(#name) #(.arg(#krate::__private::debug_of!(&self.#names)))*
        }
    })
}
