//! What `cx.attach(stream)` gives: one method for each `#[info]`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;

use crate::genserver::expand::fields::Fields;
use crate::genserver::expand::scope::Scope;
use crate::genserver::model::Handler;
use crate::genserver::role::{Message, Role};
use crate::naming;

/// The handlers that streams may be attached to, with a mistake or without.
fn handlers<'a>(scope: &Scope<'a>) -> impl Iterator<Item = &'a Handler> {
    let is_info = |handler: &&Handler| handler.function.role == Role::Message(Message::Info);
    scope.server.sent().filter(is_info)
}

/// `attach_type! { CacheAttach, CacheClientOf }`, in the hidden module beside the client, where there is an `#[info]`.
pub(crate) fn attach_type(scope: &Scope<'_>) -> Option<TokenStream> {
    let (krate, server) = (scope.krate, scope.server);
    handlers(scope).next()?;
    let (attach, client) = (&server.names.attach, &server.names.client_of);
    Some(quote!(#krate::__private::attach_type! { #attach, #client }))
}

/// ```text
/// impl<__T> CacheAttach<'_, Cache, __T> where __T: Stream + Send + 'static {
///     fn accepted(self) -> Attached where __T: Stream<Item = TcpStream> { self.__with(|item| CacheInfo::Accepted { item }) }
/// }
/// ```
pub(crate) fn methods(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope {
        server,
        krate,
        self_ty,
        required,
        ..
    } = scope;
    handlers(scope).next()?;
    let stream = stream(scope);
    let methods = handlers(scope).map(|handler| method(scope, handler, &stream));
    let (module, attach) = (&server.names.module, &server.names.attach);
    let mut generics = server.generics.clone();
    generics
        .params
        .push(syn::parse_quote!(#stream: #krate::Stream + ::core::marker::Send + 'static));
    let (impl_generics, _, _) = generics.split_for_impl();
    Some(quote! {
        impl #impl_generics #module::#attach<'_, #self_ty, #stream> #required {
            #(#methods)*
        }
    })
}

/// A parameter for the type of the stream, which nothing in the server is called like.
fn stream(scope: &Scope<'_>) -> Ident {
    let mut taken = naming::Fresh::default();
    taken.avoid(scope.server.generics.to_token_stream());
    taken.avoid(scope.self_ty.to_token_stream());
    for handler in handlers(scope) {
        taken.avoid(handler.function.signature.to_token_stream());
    }
    let mut name = taken.ident("Items");
    name.set_span(Span::mixed_site());
    name
}

fn method(scope: &Scope<'_>, handler: &Handler, stream: &Ident) -> TokenStream {
    let krate = scope.krate;
    let function = &handler.function;
    let (vis, name, cfg) = (&function.vis, function.name(), function.carried.cfg());
    let docs = format!(
        " Each item is handled by [`{}::{}`].",
        scope.server.link,
        name.unraw()
    );
    if function.broken {
        return quote! {
            #[doc = #docs]
            #cfg
            #vis fn #name(self) -> #krate::Attached {
                ::core::unreachable!()
            }
        };
    }
    let (infos, variant) = (&scope.server.names.info, &handler.variant);
    let fields = Fields::of_message(scope, handler);
    let (item, args, pattern) = (fields.args_type(), fields.args(&quote!()), fields.pattern());
    quote! {
        #[doc = #docs]
        #cfg
        #vis fn #name(self) -> #krate::Attached
        where
            #stream: #krate::Stream<Item = #item>,
        {
            self.__with(|#args| #infos::#variant #pattern)
        }
    }
}

/// A use of each of these methods, so that one that the program does not need is no dead code.
pub(crate) fn uses(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope {
        server,
        krate,
        self_ty,
        ..
    } = scope;
    let (module, attach) = (&server.names.module, &server.names.attach);
    let sound = handlers(scope).filter(|handler| !handler.function.broken);
    let uses: Vec<_> = sound
        .map(|handler| {
            let (name, cfg) = (
                handler.function.name_elsewhere(),
                handler.function.carried.cfg(),
            );
            let item = Fields::of_message(scope, handler).args_type();
            quote! {
                #cfg
                let _ = <#module::#attach<'_, #self_ty, #krate::__private::Nothing<#item>>>::#name;
            }
        })
        .collect();
    (!uses.is_empty()).then(|| quote!(const ATTACHES: () = { #(#uses)* };))
}
