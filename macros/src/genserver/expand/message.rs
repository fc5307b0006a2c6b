//! The messages: a request type per call, and the enums of calls, casts and infos.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Type;
use syn::ext::IdentExt;

use crate::genserver::expand::Scope;
use crate::genserver::expand::dispatch::awaited;
use crate::genserver::model::{Handler, Role, Value};
use crate::types;

/// ```text
/// #[call] fn get(&self) -> u8        struct CacheGetCall;   impl Request<Cache> for CacheGetCall { .. }
/// #[cast] fn save(&mut self, new: u8)  enum CacheCall { Get(CacheGetCall, ReplyTo<u8>) }
///                                    enum CacheCast { Save { new: u8 } }
/// ```
pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let server = scope.server;
    let requests = server.of(Role::Call).map(|handler| request(scope, handler));
    let calls = enumeration(scope, Role::Call, &server.names.call);
    let casts = enumeration(scope, Role::Cast, &server.names.cast);
    let infos = enumeration(scope, Role::Info, &server.names.info);
    let conversions = conversions(scope);
    quote!(#(#requests)* #calls #casts #infos #conversions)
}

/// The type of a server's calls, casts or infos: the enum, or one without values where there are none.
pub(crate) fn message_type(scope: &Scope<'_>, role: Role) -> TokenStream {
    let Scope {
        server,
        ty_generics,
        ..
    } = scope;
    if server.of(role).next().is_none() {
        return quote!(::core::convert::Infallible);
    }
    let name = enum_name(scope, role);
    quote!(#name #ty_generics)
}

pub(crate) fn enum_name<'a>(scope: &Scope<'a>, role: Role) -> &'a Ident {
    let names = &scope.server.names;
    match role {
        Role::Cast => &names.cast,
        Role::Info => &names.info,
        _ => &names.call,
    }
}

fn enumeration(scope: &Scope<'_>, role: Role, name: &Ident) -> Option<TokenStream> {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        ty_generics,
        declared,
        ..
    } = scope;
    server.of(role).next()?;
    let variants = server.of(role).map(|handler| {
        let (variant, request, cfg) = (
            &handler.variant,
            &handler.request,
            handler.function.carried.cfg(),
        );
        if role == Role::Call {
            let reply = scope.outside(handler.function.reply_tokens());
            quote!(#cfg #variant(#request #ty_generics, #krate::ReplyTo<#reply>))
        } else {
            let fields = declaration(scope, handler);
            quote!(#cfg #variant #fields)
        }
    });
    let unused = server
        .is_generic()
        .then(|| quote!(__Never(#krate::__private::Never<#self_ty>)));
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
    } = handler;
    let (vis, cfg) = (&function.vis, function.carried.cfg());
    let call = &server.names.call;
    let name = function.name().unraw().to_string();
    let reply = scope.outside(function.reply_tokens());
    let structure = if server.is_generic() {
        let fields = function.values().map(|value| field(scope, value));
        quote!(struct #request #impl_generics #declared {
            #(#fields,)*
            __server: ::core::marker::PhantomData<fn() -> #self_ty>,
        })
    } else if function.values().next().is_none() {
        quote!(struct #request;)
    } else {
        let fields = declaration(scope, handler);
        quote!(struct #request #fields)
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
        let answer = awaited(scope, function, &answer);
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
    for handler in server.of(Role::Info) {
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

/// `{ new: String }` of a declaration, or nothing.
fn declaration(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let fields: Vec<_> = handler
        .function
        .values()
        .map(|value| field(scope, value))
        .collect();
    if fields.is_empty() {
        quote!()
    } else {
        quote!({ #(#fields),* })
    }
}

fn field(scope: &Scope<'_>, value: &Value) -> TokenStream {
    let (name, ty) = (&value.name, scope.outside(&value.ty));
    quote!(#name: #ty)
}

/// `{ new }` of a pattern, or nothing.
pub(crate) fn pattern(handler: &Handler) -> TokenStream {
    let names: Vec<_> = handler.function.values().map(|value| &value.name).collect();
    if names.is_empty() {
        quote!()
    } else {
        quote!({ #(#names),* })
    }
}

/// `{ new: IntoArg::into_arg(new) }` of an expression in the client method, or nothing.
pub(crate) fn given(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let fields: Vec<_> = handler
        .function
        .values()
        .map(|value| given_field(scope, value))
        .collect();
    if fields.is_empty() {
        quote!()
    } else {
        quote!({ #(#fields),* })
    }
}

/// The same of a request.
pub(crate) fn given_request(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    if !scope.server.is_generic() {
        return given(scope, handler);
    }
    let fields = handler
        .function
        .values()
        .map(|value| given_field(scope, value));
    quote!({ #(#fields,)* __server: ::core::marker::PhantomData })
}

fn given_field(scope: &Scope<'_>, value: &Value) -> TokenStream {
    let name = &value.name;
    if types::is_text(&value.ty) {
        let given = scope.given(value);
        quote!(#name: #given)
    } else {
        quote!(#name)
    }
}
