//! What the protocols find that a server speaks: its calls and casts by their names, and that it says so.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use crate::genserver::expand::scope::Scope;
use crate::genserver::model::Handler;
use crate::genserver::role::{Message, Role};
use crate::naming;
use crate::protocol::Spoken;
use crate::tokens::{self, respan, written_at};
use crate::types;

/// ```text
/// impl HandlesCall<Word<{ word("get") }>, (String,), Option<Value>> for Cache {
///     fn call(client: &CacheClient, (key,): (String,)) -> ProtocolCall<Option<Value>> {
///         protocol_call(CacheClient::get(client, key))
///     }
/// }
/// impl Speaks<dyn KeyValue> for Cache {
///     fn speak(client: CacheClient) -> KeyValueClient {
///         <dyn KeyValue as Protocol>::nobody().of_server::<Checked<Cache, {
///             require_like("call get/1", &["call get/1"], "KeyValue", <dyn KeyValue as Protocol>::METHODS);
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
    let has = Has::new(scope);
    let speaks = said.into_iter().flatten().map(|Spoken { cfg, path }| {
        let at = Span::call_site().located_at(path.span());
        let text = tokens::text(path);
        let path = tokens::ours(path.to_token_stream());
        // All of it at the name of the protocol, and its type as rustc writes it: what is wrong there is said once.
        let protocol = quote!((dyn #path + 'static));
        let spoken = quote!(<#protocol as #krate::__private::Protocol>::Client);
        // What the server's other blocks have is not known here, and a constant knows no parameters.
        let mine = types::parameter_names(&server.generics);
        let whole = server.parts.is_empty() && !tokens::mention_any(path.clone(), &mine);
        let itself = if whole {
            has.checked(krate, &protocol, &text, at)
        } else {
            respan(&quote!(Self), at)
        };
        let body = if sound {
            let nobody = Ident::new("nobody", Span::mixed_site().located_at(at));
            let protocol = respan(&protocol, at);
            quote_spanned! {at=>
                let #nobody = <#protocol as #krate::__private::Protocol>::nobody();
                #nobody.of_server::<#itself>(#client)
            }
        } else {
            // What is said of a handler is not said again of who takes the server for one that speaks.
            quote!(let _ = #client; ::core::unreachable!())
        };
        let head =
            quote!(impl #impl_generics #krate::__private::Speaks<#protocol> for #self_ty #stated);
        let head = respan(&head, at);
        let speak = respan(&quote!(fn speak(#client: Self::Client) -> #spoken), at);
        let speak = quote_spanned!(at=> #speak { #body });
        quote_spanned!(at=> #cfg #head { #speak })
    });
    quote! {
        #(#handles)*
        #(#speaks)*
    }
}

/// The handlers that a server has, by their names.
struct Has {
    all: TokenStream,
    /// Each of them, with its `#[cfg]`s.
    each: Vec<(TokenStream, String, Span)>,
}

impl Has {
    fn new(scope: &Scope<'_>) -> Self {
        let server = scope.server;
        let handlers = server.sent().map(|handler| {
            let function = &handler.function;
            let sort = handler.message.word();
            let name = naming::arity(sort, function.name(), function.values().count());
            (function.carried.cfg(), name, function.name().span())
        });
        let mut each: Vec<_> = handlers.collect();
        let (cfgs, names): (Vec<_>, Vec<_>) = each.iter().map(|(cfg, name, _)| (cfg, name)).unzip();
        let all = quote!(&[#(#cfgs #names),*]);
        // A method of the name of a handler was meant to be that.
        let methods = server.methods.iter();
        let methods =
            methods.filter(|name| server.functions().all(|function| function.name() != *name));
        each.extend(
            methods.map(|name| (TokenStream::new(), naming::arity("", name, 0), name.span())),
        );
        Self { all, each }
    }

    /// The server, if it has what the protocol asks for. What is there, and is not as it is asked for, is shown where it is.
    fn checked(
        &self,
        krate: &TokenStream,
        protocol: &TokenStream,
        text: &str,
        at: Span,
    ) -> TokenStream {
        let Self { all, each } = self;
        let asked = quote!(<#protocol as #krate::__private::Protocol>::METHODS);
        let asked = respan(&asked, at);
        let each = each.iter().map(|(cfg, name, shown)| {
            let like = written_at(&quote!(#krate::__private::require_like), *shown);
            let given = quote_spanned!(*shown=> (#name, #all, #text, #asked););
            quote!(#cfg #like #given)
        });
        let private = |name: TokenStream| respan(&quote!(#krate::__private::#name), at);
        let (checked, require) = (private(quote!(Checked)), private(quote!(require_handlers)));
        let all = quote_spanned!(at=> #require(#all, #asked));
        quote_spanned!(at=> #checked<Self, { #(#each)* #all }>)
    }
}

fn handler_of(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        alias_generics,
        stated,
        ..
    } = scope;
    let function = &handler.function;
    let cfg = function.carried.cfg();
    let name = function.name_elsewhere();
    let word = function.name().unraw().to_string();
    let word = quote!(#krate::__private::Word<{ #krate::__private::word(#word) }>);
    let client_type = &server.names.client_path;
    let client = Ident::new("client", Span::mixed_site());
    let names: Vec<_> = function.values().map(|value| &value.name).collect();
    let types = function.values().map(|value| scope.outside(&value.ty));
    let types = quote!((#(#types,)*));
    let sent = quote!(<#client_type #alias_generics>::#name(#client, #(#names),*));
    if handler.message == Message::Call {
        let reply = scope.outside(function.reply_tokens());
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
