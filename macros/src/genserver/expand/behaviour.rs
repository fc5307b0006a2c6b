//! `impl GenServer`: types, options, hooks, and the way to the dispatch of messages.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use crate::genserver::expand::scope::Scope;
use crate::genserver::expand::{hooks, names, options, parts};
use crate::genserver::role::Message;

/// ```text
/// type __Server = Cache;      // a method of the user's may be called like one of the trait's, and clippy need not mind
/// impl GenServer for __Server {
///     types, OPTIONS, HANDLERS, WAITS, HEARS, name, init, handle_exit, handle_down, handle_timeout, hibernate, terminate, format_status
///     message_waits, handle_message_now, handle_message, message_handler    // by the messages
///     debug_state
/// }
/// impl OnDemand for __Server { Given }
/// ```
pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        alias_generics,
        stated,
        ..
    } = scope;
    let client = &server.names.client;
    let params = &scope.alias_params;
    let [call, cast, info] = Message::ALL.map(|message| scope.message_type(message));
    let args = hooks::args_type(scope);
    let options = options::expand(scope);
    let name = names::callback(scope);
    let init = hooks::init(scope);
    let is_async = |sort| server.of(sort).any(|handler| handler.function.is_async());
    let blocks = server
        .handlers
        .iter()
        .any(|handler| !handler.function.broken && handler.function.blocks());
    let any_handler_waits = blocks || Message::ALL.into_iter().any(is_async);
    let anything_waits = any_handler_waits || server.hooks.waits();
    let has_parts = !server.parts.is_empty();
    let waits = (!anything_waits).then(|| {
        let waits = if has_parts {
            parts::any(scope, false, "WAITS")
        } else {
            quote!(false)
        };
        quote!(const WAITS: ::core::primitive::bool = #waits;)
    });
    let handlers = handlers(scope);
    let handle = (any_handler_waits || has_parts).then(|| handle(scope));
    let blocking = (blocks || has_parts).then(|| blocking(scope, blocks));
    let hears = hooks::hears(scope);
    let event_callbacks = hooks::event_callbacks(scope);
    let hibernate = hooks::hibernate(scope);
    let terminate = hooks::terminate(scope, anything_waits || has_parts);
    let format_status = hooks::format_status(scope);
    let message = quote!(#krate::__private::Message<Self>);
    let given = given(scope);
    let granted = Scope::with(stated, &scope.bounds.granted(None));
    let state = server_state(scope);
    let describe = server.describes().then(|| {
        quote! {
            fn describe_message(message: &#message) -> #krate::__private::Described<'_> {
                #krate::__private::describe_message(message)
            }
        }
    });
    quote! {
        type __Server #params = #self_ty;

        #state

        impl #impl_generics #krate::GenServer for __Server #alias_generics #granted {
            #args
            type Call = #call;
            type Cast = #cast;
            type Info = #info;
            type Client = #client #alias_generics;
            #options
            #handlers
            #waits
            #hears
            #name
            #init
            #event_callbacks
            #hibernate
            #terminate
            #format_status
            fn message_waits(message: &#message) -> ::core::primitive::bool {
                #krate::__private::message_waits(message)
            }
            #blocking
            fn handle_message_now(
                &mut self,
                message: #message,
                cx: &mut #krate::Context<Self>,
            ) -> ::core::result::Result<(), #krate::ExitReason> {
                #krate::__private::handle_message_now(self, message, cx)
            }
            #handle
            fn message_handler(message: &#message) -> #krate::__private::HandlerCode {
                #krate::__private::message_handler(message)
            }
            #describe
            fn debug_state(&self) -> ::core::option::Option<&dyn ::core::fmt::Debug> {
                #krate::__private::debug_of!(self)
            }
        }

        impl #impl_generics #krate::OnDemand for __Server #alias_generics #stated {
            type Given = #given;
        }
    }
}

/// `impl ServerState`, where the compiler looks whether the state is `Send`.
fn server_state(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        krate,
        self_ty,
        impl_generics,
        of_parameters,
        ..
    } = scope;
    quote! {
        impl #impl_generics #krate::ServerState<'_> for #self_ty #of_parameters {}
    }
}

/// `Cloned` for each start, or `Once`, where there is but one; and whether there are several arguments.
fn given(scope: &Scope<'_>) -> TokenStream {
    /// Tuples are converted up to this length, like those of std.
    const LONGEST: usize = 12;
    let Scope { server, krate, .. } = scope;
    let several = (2..=LONGEST).contains(&server.init_values().len());
    let form = several.then(|| quote!(<#krate::Each>));
    let restart = server.options.restart.as_ref();
    if restart.is_some_and(|restart| restart == "Temporary") {
        quote!(#krate::Once #form)
    } else {
        quote!(#krate::Cloned #form)
    }
}

/// `handle_message`, for a server with a handler that may wait.
fn handle(scope: &Scope<'_>) -> TokenStream {
    let krate = scope.krate;
    quote! {
        fn handle_message<__Carry: #krate::__private::Carry>(
            &mut self,
            message: impl #krate::__private::Parcel<Self>,
            cx: &mut #krate::Context<Self>,
        ) -> impl ::core::future::Future<Output = ::core::result::Result<(), #krate::ExitReason>>
             + ::core::marker::Send {
            #krate::__private::handle_message::<__Carry, Self>(self, message, cx)
        }
    }
}

/// For a server with handlers that block.
fn blocking(scope: &Scope<'_>, own: bool) -> TokenStream {
    let krate = scope.krate;
    let blocks = if scope.server.parts.is_empty() {
        quote!(true)
    } else {
        parts::any(scope, own, "BLOCKS")
    };
    quote! {
        const BLOCKS: ::core::primitive::bool = #blocks;
        fn message_blocks(message: &#krate::__private::Message<Self>) -> ::core::primitive::bool {
            #krate::__private::message_blocks(message)
        }
    }
}

/// The handlers, by name and place, for reports.
fn handlers(scope: &Scope<'_>) -> Option<TokenStream> {
    let krate = scope.krate;
    let mut handlers = listed(scope);
    handlers.extend(parts::handlers(scope));
    (!handlers.is_empty()).then(|| {
        quote! {
            const HANDLERS: &'static [#krate::__private::Handler] = &[#(#handlers)*];
        }
    })
}

/// `Handler::at("get", ..)`, for each handler of the block.
pub(crate) fn listed(scope: &Scope<'_>) -> Vec<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let listed = server.handlers.iter().map(|handler| {
        let name = handler.function.name();
        let text = name.unraw().to_string();
        // The place of what a macro writes is where the macro is written: this alone is written by the user.
        let place = quote_spanned!(name.span()=> ::core::panic::Location::caller());
        quote!(#krate::__private::Handler::at(#text, #place),)
    });
    listed.collect()
}
