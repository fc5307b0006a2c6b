//! What the protocols find that a server speaks: its calls and casts by their names, and that it says so.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use crate::genserver::expand::scope::Scope;
use crate::genserver::model::Handler;
use crate::genserver::role::{Message, Role};
use crate::naming;
use crate::protocol::Spoken;
use crate::tokens::{self, respan};
use crate::types;

/// ```text
/// impl HandlesCall<{ word("get") }, (String,), Option<Value>> for Cache {
///     fn call(client: &CacheClient, (key,): (String,)) -> ProtocolCall<Option<Value>> {
///         protocol_call(CacheClient::get(client, key))
///     }
/// }
/// impl Speaks<dyn KeyValue> for Cache {
///     fn speak(client: CacheClient) -> KeyValueClient {
///         <dyn KeyValue as Protocol>::nobody().of_server::<Checked<Cache, {
///             require_handlers(&["call get/1"], <dyn KeyValue as Protocol>::METHODS)
///         }>>(client)
///     }
/// }
/// ```
pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let said = scope.server.options.protocols.as_ref();
    // A part does not know what the server says.
    if said.is_none() && scope.server.part.is_none() {
        return TokenStream::new();
    }
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        stated,
        ..
    } = scope;
    let client = Ident::new("client", Span::mixed_site());
    let nobody = Ident::new("nobody", Span::mixed_site());
    let sound = !server.functions().any(|function| function.broken);
    let handles = server
        .sent()
        .filter(|handler| !handler.function.broken)
        .filter(|handler| {
            matches!(
                handler.function.role,
                Role::Message(Message::Call | Message::Cast)
            )
        })
        .map(|handler| handler_of(scope, handler));
    let names: Vec<_> = server
        .sent()
        .filter_map(|handler| {
            let function = &handler.function;
            let sort = match handler.message {
                Message::Call => "call",
                Message::Cast => "cast",
                Message::Info => return None,
            };
            let cfg = function.carried.cfg();
            let name = naming::arity(sort, function.name(), function.values().count());
            Some(quote!(#cfg #name))
        })
        .collect();
    let speaks = said.into_iter().flatten().map(|Spoken { cfg, path }| {
        let at = path.span();
        let path = tokens::ours(path.to_token_stream());
        // All of it at the name of the protocol, and its type as rustc writes it: what is wrong there is said once.
        let protocol = quote!((dyn #path + 'static));
        let spoken = quote!(<#protocol as #krate::__private::Protocol>::Client);
        // What the server's other blocks have is not known here, and a constant knows no parameters.
        let mine = types::parameter_names(&server.generics);
        let whole = server.parts.is_empty() && !tokens::mention_any(path.clone(), &mine);
        let itself = if whole {
            quote! {
                #krate::__private::Checked<Self, {
                    #krate::__private::require_handlers(&[#(#names),*], <#protocol as #krate::__private::Protocol>::METHODS)
                }>
            }
        } else {
            quote!(Self)
        };
        let body = if sound {
            quote! {
                let #nobody = <#protocol as #krate::__private::Protocol>::nobody();
                #nobody.of_server::<#itself>(#client)
            }
        } else {
            // What is said of a handler is not said again of who takes the server for one that speaks.
            quote!(let _ = #client; ::core::unreachable!())
        };
        let spoken = quote! {
            impl #impl_generics #krate::__private::Speaks<#protocol> for #self_ty #stated {
                fn speak(#client: Self::Client) -> #spoken {
                    #body
                }
            }
        };
        let spoken = respan(&spoken, at);
        quote!(#cfg #spoken)
    });
    quote! {
        #(#handles)*
        #(#speaks)*
    }
}

fn handler_of(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        ty_generics,
        stated,
        ..
    } = scope;
    let function = &handler.function;
    let cfg = function.carried.cfg();
    let name = function.name_elsewhere();
    let word = function.name().unraw().to_string();
    let word = quote!({ #krate::__private::word(#word) });
    let client_type = &server.names.client_path;
    let client = Ident::new("client", Span::mixed_site());
    let names: Vec<_> = function.values().map(|value| &value.name).collect();
    let types = function
        .values()
        .map(|value| tokens::ours(scope.outside(&value.ty)));
    let types = quote!((#(#types,)*));
    let sent = quote!(<#client_type #ty_generics>::#name(#client, #(#names),*));
    if handler.message == Message::Call {
        let reply = tokens::ours(scope.outside(function.reply_tokens()));
        return quote! {
            #cfg
            impl #impl_generics #krate::__private::HandlesCall<#word, #types, #reply> for #self_ty #stated {
                #[inline]
                fn call(#client: &Self::Client, (#(#names,)*): #types) -> #krate::ProtocolCall<#reply> {
                    #krate::__private::protocol_call(#sent)
                }
            }
        };
    }
    quote! {
        #cfg
        impl #impl_generics #krate::__private::HandlesCast<#word, #types> for #self_ty #stated {
            #[inline]
            fn cast(#client: &Self::Client, (#(#names,)*): #types) -> #krate::ProtocolCast {
                #krate::__private::protocol_cast(#sent)
            }
        }
    }
}
