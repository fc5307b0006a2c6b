//! The messages: a request type per call, and the enums of calls, casts and infos.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Type;
use syn::ext::IdentExt;

use crate::genserver::expand::fields::Fields;
use crate::genserver::expand::scope::Scope;
use crate::genserver::model::{Handler, Value};
use crate::genserver::role::Message;
use crate::types;

/// ```text
/// #[call] fn get(&self) -> u8        struct CacheGetCall;   impl Request<Cache> for CacheGetCall { .. }
/// #[cast] fn save(&mut self, new: u8)  enum CacheCall { Get(CacheGetCall, ReplyTo<u8>) }
///                                    enum CacheCast { Save { new: u8 } }
/// ```
pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let server = scope.server;
    let requests = server
        .of(Message::Call)
        .map(|handler| request(scope, handler));
    let enums = Message::ALL.map(|sort| enumeration(scope, sort));
    let conversions = conversions(scope);
    quote!(#(#requests)* #(#enums)* #conversions)
}

fn enumeration(scope: &Scope<'_>, sort: Message) -> Option<TokenStream> {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        ty_generics,
        declared,
        ..
    } = scope;
    server.of(sort).next()?;
    let variants = server.of(sort).map(|handler| {
        let (variant, request, cfg) = (
            &handler.variant,
            &handler.request,
            handler.function.carried.cfg(),
        );
        if sort == Message::Call {
            let reply = scope.outside(handler.function.reply_tokens());
            quote!(#cfg #variant(#request #ty_generics, #krate::ReplyTo<#reply>))
        } else {
            let fields = Fields::of_message(scope, handler).declaration();
            quote!(#cfg #variant #fields)
        }
    });
    let unused = server
        .is_generic()
        .then(|| quote!(__Never(#krate::__private::Never<#self_ty>)));
    let name = server.names.of(sort);
    Some(quote! {
        pub enum #name #impl_generics #declared {
            #(#variants,)*
            #unused
        }
    })
}

fn request(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        ty_generics,
        declared,
        required,
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
    let reply = scope.outside(function.reply_tokens());
    let fields = Fields::of_request(scope, handler);
    let structure = if fields.is_empty() {
        quote!(struct #request;)
    } else {
        let fields = fields.declaration();
        quote!(struct #request #impl_generics #declared #fields)
    };
    let in_place = in_place(scope, handler);
    let describe = described(scope, handler);
    quote! {
        #cfg
        #vis #structure

        #cfg
        impl #impl_generics #krate::Request<#self_ty> for #request #ty_generics #required {
            type Reply = #reply;
            const NAME: &'static str = #name;
            #in_place
            fn into_call(self, reply: #krate::ReplyTo<Self::Reply>) -> #call #ty_generics {
                #call::#variant(self, reply)
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
        ..
    } = scope;
    let function = &handler.function;
    if function.replies_itself() {
        return None;
    }
    let name = function.name_elsewhere();
    let arguments = scope.arguments(function, |_, name| quote!(self.#name));
    let cx = scope.cx_param(function.takes_context());
    let answer = quote!(#self_path::#name(server, #(#arguments),*));
    if function.is_async() {
        let answer = scope.awaited(function, &answer);
        return Some(quote! {
            const ASYNC: bool = true;
            async fn handle_async(
                self,
                server: &mut #self_ty,
                #cx: &mut #krate::Context<#self_ty>,
            ) -> Self::Reply {
                #answer
            }
        });
    }
    Some(quote! {
        const SYNC: bool = true;
        fn handle(
            self,
            server: &mut #self_ty,
            #cx: &mut #krate::Context<#self_ty>,
        ) -> ::core::result::Result<Self::Reply, Self> {
            ::core::result::Result::Ok(#answer)
        }
    })
}

fn described(scope: &Scope<'_>, handler: &Handler) -> Option<TokenStream> {
    let krate = scope.krate;
    if !scope.server.last_message() || handler.function.values().next().is_none() {
        return None;
    }
    let names = handler.function.values().map(|value| &value.name);
    Some(quote! {
        fn describe(&self) -> #krate::Described<'_> {
            #krate::Described::new(Self::NAME) #(.arg(#krate::__private::debug_of!(&self.#names)))*
        }
    })
}

/// An info with one argument is also sent as that argument, where no other info is: `client.send(Tick)`.
fn conversions(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        server,
        impl_generics,
        ty_generics,
        declared,
        ..
    } = scope;
    let info = &server.names.info;
    let mut by_type: BTreeMap<String, Vec<(&Handler, &Ident, &Type)>> = BTreeMap::new();
    for handler in server.of(Message::Info) {
        let mut values = handler.function.values();
        if let (Some(Value { name, ty }), None) = (values.next(), values.next())
            && !types::may_be_any(ty, &server.generics)
        {
            by_type
                .entry(quote!(#ty).to_string())
                .or_default()
                .push((handler, name, ty));
        }
    }
    let impls = by_type.values().filter_map(|handlers| {
        let [(handler, name, ty)] = &**handlers else {
            return None;
        };
        let (variant, cfg, ty) = (
            &handler.variant,
            handler.function.carried.cfg(),
            scope.outside(ty),
        );
        Some(quote! {
            #cfg
            #[automatically_derived]
            impl #impl_generics ::core::convert::From<#ty> for #info #ty_generics #declared {
                fn from(#name: #ty) -> Self {
                    Self::#variant { #name }
                }
            }
        })
    });
    impls.collect()
}
