//! `impl GenServer`: from each message to the user's method.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ReturnType;
use syn::ext::IdentExt;

use crate::genserver::args::Mailbox;
use crate::genserver::expand::message::{enum_name, message_type, pattern};
use crate::genserver::expand::{Scope, start};
use crate::genserver::model::{Function, Handler, Role, Value};
use crate::tokens::respan;
use crate::types;

/// ```text
/// impl GenServer for Cache { types, OPTIONS, name, init, handle_*, terminate, describe_*, debug_state }
/// ```
pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let Scope { server, krate, self_ty, impl_generics, ty_generics, required, .. } = scope;
    let client = &server.names.client;
    let (call, cast, info) =
        (message_type(scope, Role::Call), message_type(scope, Role::Cast), message_type(scope, Role::Info));
    let args = args_type(scope);
    let options = options(scope);
    let name = start::name_callback(scope);
    let init = init(scope);
    let handle_call = handle(scope, Role::Call);
    let handle_cast = handle(scope, Role::Cast);
    let handle_info = handle(scope, Role::Info);
    let handle_exit = handle_exit(scope);
    let terminate = terminate(scope);
    let describe = [Role::Call, Role::Cast, Role::Info].map(|role| describe(scope, role));
    quote! {
        impl #impl_generics #krate::GenServer for #self_ty #required {
            type Args = #args;
            type Call = #call;
            type Cast = #cast;
            type Info = #info;
            type Client = #client #ty_generics;
            #options
            #name
            #init
            #handle_call
            #handle_cast
            #handle_info
            #handle_exit
            #terminate
            #(#describe)*
            fn debug_state(&self) -> ::core::option::Option<&dyn ::core::fmt::Debug> {
                #krate::__private::debug_of!(self)
            }
        }
    }
}

/// `()`, the type of the only argument of `#[init]`, or a tuple.
fn args_type(scope: &Scope<'_>) -> TokenStream {
    let types: Vec<_> = scope.server.init_values().into_iter().map(|value| sound_type(scope, value)).collect();
    match &*types {
        [only] => only.clone(),
        types => quote!((#(#types),*)),
    }
}

fn sound_type(scope: &Scope<'_>, value: &Value) -> TokenStream {
    if types::obstacle(&value.ty).is_some() { quote!(()) } else { scope.outside(&value.ty) }
}

/// `const OPTIONS`, where an option was given.
fn options(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let options = &server.options;
    let restart = options.restart.iter().map(|restart| quote!(.restart(#krate::Restart::#restart)));
    let shutdown = options.shutdown.iter().map(|shutdown| {
        let shutdown = shutdown.tokens(krate);
        quote!(.shutdown(#shutdown))
    });
    let trap_exit = options.trap_exit.iter().map(|on| quote!(.trap_exit(#on)));
    let terminate = server.terminate.iter().map(|function| {
        let cfg = function.carried.cfg();
        if cfg.is_empty() {
            return quote!(.terminate(true));
        }
        quote!(.terminate({ let has_terminate = false; #cfg let has_terminate = true; has_terminate }))
    });
    let mailbox = options.mailbox.iter().map(|mailbox| match mailbox {
        Mailbox::Unbounded => quote!(.mailbox(#krate::Mailbox::Unbounded)),
        Mailbox::Bounded(room) => quote!(.mailbox(#krate::Mailbox::Bounded(#room))),
    });
    let inline = options.inline.iter().map(|inline| quote!(.inline(#krate::Inline::#inline)));
    let inline_casts = options.inline_casts.iter().map(|on| quote!(.inline_casts(#on)));
    let last_message = options.last_message.iter().map(|on| quote!(.last_message(#on)));
    let given: TokenStream = restart
        .chain(shutdown)
        .chain(trap_exit)
        .chain(terminate)
        .chain(mailbox)
        .chain(inline)
        .chain(inline_casts)
        .chain(last_message)
        .collect();
    (!given.is_empty()).then(|| quote!(const OPTIONS: #krate::ServerOptions = #krate::ServerOptions::new() #given;))
}

fn init(scope: &Scope<'_>) -> TokenStream {
    let Scope { server, krate, self_ty, .. } = scope;
    let cx = scope.cx_param(server.init.as_ref().is_some_and(Function::takes_context));
    let values = server.init_values();
    let (args, state) = match &server.init {
        Some(function) if function.broken => (quote!(_args), quote!(::core::unreachable!())),
        Some(function) => {
            let args = if values.is_empty() { quote!(_args) } else { quote!(args) };
            (args, initial_state(scope, function, &values))
        }
        None => {
            let state = quote!(<#self_ty as #krate::__private::InitialState>::initial_state());
            (quote!(_args), quote!(::core::result::Result::Ok(#state)))
        }
    };
    quote! {
        async fn init(
            #args: Self::Args,
            #cx: &mut #krate::Context<Self>,
        ) -> ::core::result::Result<Self, #krate::ExitReason> {
            #state
        }
    }
}

fn initial_state(scope: &Scope<'_>, function: &Function, values: &[&Value]) -> TokenStream {
    let krate = scope.krate;
    let name = function.name_elsewhere();
    let unpack = (values.len() > 1).then(|| {
        let names = values.iter().map(|value| &value.name);
        quote!(let (#(#names),*) = args;)
    });
    let arguments = scope.arguments(function, |_, name| if unpack.is_some() { quote!(#name) } else { quote!(args) });
    let state = awaited(scope, function, &quote!(Self::#name(#(#arguments),*)));
    let state = match &function.signature.output {
        ReturnType::Type(_, ty) if types::is_self(ty) => quote!(::core::result::Result::Ok(#state)),
        _ if function.diverges() => state,
        output => at_return_type(output, &quote!(#krate::__private::IntoInit::<Self>::into_init(#state))),
    };
    quote!(#unpack #state)
}

/// `handle_call`, `handle_cast` or `handle_info`; the default of the last is fine where there are no infos.
fn handle(scope: &Scope<'_>, role: Role) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let handlers = server.of(role);
    let empty = handlers.clone().next().is_none();
    if empty && role == Role::Info {
        return None;
    }
    let (function, message, ty) = match role {
        Role::Call => (format_ident!("handle_call"), format_ident!("call"), format_ident!("Call")),
        Role::Cast => (format_ident!("handle_cast"), format_ident!("cast"), format_ident!("Cast")),
        _ => (format_ident!("handle_info"), format_ident!("info"), format_ident!("Info")),
    };
    let cx = scope.cx_param(handlers.clone().any(|handler| {
        handler.function.takes_context() || (role == Role::Call && !handler.function.replies_itself())
    }));
    let arms = handlers.map(|handler| arm(scope, handler));
    let body = if empty {
        quote!(match #message {})
    } else {
        let never = never(scope, role);
        quote!(match #message { #(#arms)* #never } ::core::result::Result::Ok(()))
    };
    Some(quote! {
        async fn #function(
            &mut self,
            #message: Self::#ty,
            #cx: &mut #krate::Context<Self>,
        ) -> ::core::result::Result<(), #krate::ExitReason> {
            #body
        }
    })
}

fn arm(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let Handler { function, variant, .. } = handler;
    let (name, cfg) = (function.name_elsewhere(), function.carried.cfg());
    let messages = enum_name(scope, handler.role());
    if handler.role() != Role::Call {
        let fields = pattern(handler);
        let arguments = scope.arguments(function, |_, name| quote!(#name));
        let outcome = outcome(scope, function, &quote!(Self::#name(self, #(#arguments),*)));
        return quote!(#cfg #messages::#variant #fields => #outcome,);
    }
    let arguments = scope.arguments(function, |_, name| quote!(request.#name));
    let request = if function.values().next().is_some() { quote!(request) } else { quote!(_) };
    let answer = quote!(Self::#name(self, #(#arguments),*));
    let answer = if function.replies_itself() {
        outcome(scope, function, &answer)
    } else {
        let (cx, answer) = (&scope.cx, awaited(scope, function, &answer));
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
    scope.server.is_generic().then(|| quote!(#messages::__Never(never) => never.absurd(),))
}

/// What becomes of a handler that nobody waits for: nothing, or its error is the server's end.
fn outcome(scope: &Scope<'_>, function: &Function, call: &TokenStream) -> TokenStream {
    let krate = scope.krate;
    let call = awaited(scope, function, call);
    if function.returns_unit() || function.diverges() {
        return call;
    }
    let output = &function.signature.output;
    at_return_type(output, &quote!(#krate::__private::Outcome::into_result(#call)?))
}

/// An error about what a function returns is shown where it says so.
fn at_return_type(output: &ReturnType, tokens: &TokenStream) -> TokenStream {
    match output {
        ReturnType::Type(_, ty) => respan(tokens, types::span(ty)),
        ReturnType::Default => tokens.clone(),
    }
}

/// The call, awaited if it has to be. An error about a future that is not `Send` is shown at the handler's name.
fn awaited(scope: &Scope<'_>, function: &Function, call: &TokenStream) -> TokenStream {
    let krate = scope.krate;
    if !function.is_async() {
        return call.clone();
    }
    respan(&quote!(#krate::__private::send_future(#call).await), function.name().span())
}

fn handle_exit(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let function = server.exit.as_ref().filter(|function| !function.broken)?;
    let (name, cfg) = (function.name_elsewhere(), function.carried.cfg());
    let arguments = hook_arguments(scope, function, &[quote!(from), quote!(reason)]);
    let cx = scope.cx_param(function.takes_context());
    let outcome = outcome(scope, function, &quote!(Self::#name(self, #(#arguments),*)));
    Some(quote! {
        #cfg
        async fn handle_exit(
            &mut self,
            from: #krate::Pid,
            reason: #krate::ExitReason,
            #cx: &mut #krate::Context<Self>,
        ) -> ::core::result::Result<(), #krate::ExitReason> {
            #outcome;
            ::core::result::Result::Ok(())
        }
    })
}

fn terminate(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let function = server.terminate.as_ref().filter(|function| !function.broken)?;
    let (name, cfg) = (function.name_elsewhere(), function.carried.cfg());
    let arguments = hook_arguments(scope, function, &[quote!(reason)]);
    let cx = scope.cx_param(function.takes_context());
    let call = awaited(scope, function, &quote!(Self::#name(self, #(#arguments),*)));
    let reason = if function.values().next().is_some() { quote!(reason) } else { quote!(_reason) };
    Some(quote! {
        #cfg
        async fn terminate(&mut self, #reason: &#krate::ExitReason, #cx: &mut #krate::Context<Self>) {
            #call
        }
    })
}

/// What a hook is given; an error about one is shown at the type of its argument.
fn hook_arguments(scope: &Scope<'_>, function: &Function, given: &[TokenStream]) -> Vec<TokenStream> {
    let types: Vec<_> = function.values().map(|value| types::span(&value.ty)).collect();
    scope.arguments(function, |nth, _| match (given.get(nth), types.get(nth)) {
        (Some(given), Some(span)) => respan(given, *span),
        _ => TokenStream::new(),
    })
}

/// `describe_call`, `describe_cast` or `describe_info`: the handler's name, and with `last_message` its arguments.
fn describe(scope: &Scope<'_>, role: Role) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    server.of(role).next()?;
    let (function, message, ty) = match role {
        Role::Call => (format_ident!("describe_call"), format_ident!("call"), format_ident!("Call")),
        Role::Cast => (format_ident!("describe_cast"), format_ident!("cast"), format_ident!("Cast")),
        _ => (format_ident!("describe_info"), format_ident!("info"), format_ident!("Info")),
    };
    let messages = enum_name(scope, role);
    let arms = server.of(role).map(|handler| {
        let Handler { function, variant, .. } = handler;
        let (name, cfg) = (function.name().unraw().to_string(), function.carried.cfg());
        if role == Role::Call {
            return quote!(#cfg #messages::#variant(ref request, _) => #krate::Request::describe(request),);
        }
        let values: Vec<_> = function.values().map(|value| &value.name).collect();
        if values.is_empty() || !server.last_message() {
            let rest = if values.is_empty() { quote!() } else { quote!({ .. }) };
            return quote!(#cfg #messages::#variant #rest => #krate::Described::new(#name),);
        }
        let shown = values.iter().map(|value| quote!(.arg(#krate::__private::debug_of!(#value))));
        quote!(#cfg #messages::#variant { #(ref #values),* } => #krate::Described::new(#name) #(#shown)*,)
    });
    let never = server.is_generic().then(|| quote!(#messages::__Never(ref never) => never.absurd(),));
    Some(quote! {
        fn #function(#message: &Self::#ty) -> #krate::Described<'_> {
            match *#message { #(#arms)* #never }
        }
    })
}
