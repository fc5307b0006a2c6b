//! The enums of calls, casts and infos.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Type;

use crate::genserver::expand::fields::Fields;
use crate::genserver::expand::parts;
use crate::genserver::expand::scope::Scope;
use crate::genserver::model::{Handler, Value};
use crate::genserver::role::{Message, Role};
use crate::types;

/// ```text
/// #[call] fn get(&self) -> u8          enum CacheCall { Get(CacheGetCall, ReplyTo<u8>) }
/// #[cast] fn save(&mut self, new: u8)  enum CacheCast { Save { new: u8 } }
/// ```
pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let enums = Message::ALL.map(|sort| enumeration(scope, sort));
    let conversions = conversions(scope);
    quote!(#(#enums)* #conversions)
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
    if !server.has(sort) {
        return None;
    }
    let variants = server.of(sort).map(|handler| {
        let (variant, request, cfg) = (
            &handler.variant,
            &handler.request,
            handler.function.carried.cfg(),
        );
        if sort == Message::Call {
            let reply = scope.in_message(handler.function.reply_tokens());
            quote!(#cfg #variant(#request #ty_generics, #krate::ReplyTo<#reply>))
        } else {
            let fields = Fields::of_message(scope, handler).declaration();
            quote!(#cfg #variant #fields)
        }
    });
    let parts = parts::variants(scope, sort);
    let unused = scope
        .has_never(sort)
        .then(|| quote!(__Never(#krate::__private::Never<#self_ty>)));
    let name = server.names.of(sort);
    let docs = format!(" The {}s of a [`{}`].", sort.word(), server.link);
    Some(quote! {
        #[doc = #docs]
        pub enum #name #impl_generics #declared {
            #(#variants,)*
            #(#parts,)*
            #unused
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
    let info = match scope.in_server() {
        // rustc does not see the parameters in what the server's messages are.
        Some(_) if server.is_generic() => return TokenStream::new(),
        Some(_) => {
            let (krate, self_ty) = (scope.krate, scope.self_ty);
            quote!(<#self_ty as #krate::GenServer>::Info)
        }
        None => {
            let info = &server.names.info;
            quote!(#info #ty_generics)
        }
    };
    let mut by_type: BTreeMap<String, Vec<(&Handler, &Ident, &Type)>> = BTreeMap::new();
    let of_others = |handler: &&Handler| handler.function.role == Role::Message(Message::Info);
    let sound = server.of(Message::Info).filter(of_others);
    for handler in sound.chain(server.infos_meant()) {
        let mut values = handler.function.values();
        if let (Some(Value { name, ty, .. }), None) = (values.next(), values.next())
            && let ty = types::meant(ty)
            && types::obstacle(ty).is_none()
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
        let value = match scope.in_server() {
            _ if handler.function.broken => quote!(let _ = #name; ::core::unreachable!()),
            Some(in_server) => {
                let infos = &server.names.info;
                quote!(#in_server::info(#infos::#variant { #name }))
            }
            None => quote!(Self::#variant { #name }),
        };
        Some(quote! {
            #cfg
            #[automatically_derived]
            impl #impl_generics ::core::convert::From<#ty> for #info #declared {
                fn from(#name: #ty) -> Self {
                    #value
                }
            }
        })
    });
    impls.collect()
}
