//! Parts of a server. A part's own block makes enums of its messages, and says what it adds to the server; the server's block
//! has a variant for each part, and the way to its enums and back.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use crate::checked;
use crate::genserver::expand::scope::Scope;
use crate::genserver::expand::{behaviour, client, dispatch, message, protocols, request};
use crate::genserver::model::{Function, Part};
use crate::genserver::parts::Parts;
use crate::genserver::role::Message;

/// What stands for a part where the server names it.
///
/// ```text
/// #[non_exhaustive] enum Admin {}
/// const _: () = {
///     impl CacheClient { one method per handler }
///     requests, message enums, and the way from them to the handlers
///     what the protocols of the server find
///     impl Part<Admin> for Cache { .. }
///     checks
/// };
/// ```
pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        declared,
        ..
    } = scope;
    let Some(marker) = &server.part else {
        return TokenStream::new();
    };
    let (vis, name) = (&marker.vis, &marker.name);
    let docs = format!(" A part of a [`{}`] server.", server.link);
    let client = client::methods(scope);
    let requests = request::expand(scope);
    let messages = message::expand(scope);
    let dispatch = dispatch::expand(scope);
    let protocols = protocols::expand(scope);
    let types = Message::ALL.map(|sort| {
        let (word, ty) = (type_word(sort), scope.message_type(sort));
        quote!(type #word = #ty;)
    });
    let handlers = behaviour::listed(scope);
    let functions = || server.functions().filter(|function| !function.broken);
    let waits = functions().any(|function| function.is_async() || function.blocks());
    let blocks = functions().any(Function::blocks);
    let (not_send, checks) = (scope.not_send(), &scope.bounds.checks);
    let (cfg, allows) = (&server.cfg, &server.allows);
    let deprecated = super::deprecated(server);
    quote! {
        #[doc = #docs]
        #cfg
        #allows
        #[non_exhaustive]
        #vis enum #name {}

        #cfg
        #allows
        #deprecated
        const _: () = {
            use #krate::__private::NoPart as _;
            #not_send
            #client
            #requests
            #messages
            #dispatch
            #protocols
            impl #impl_generics #krate::__private::Part<#name> for #self_ty #declared {
                #(#types)*
                const HANDLERS: &'static [#krate::__private::Handler] = &[#(#handlers)*];
                const WAITS: ::core::primitive::bool = #waits;
                const BLOCKS: ::core::primitive::bool = #blocks;
            }
            #checks
        };
    }
}

/// The part without a name, with no messages: for a server that says it has one where the block is that does not say it is.
pub(crate) fn in_vain(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        declared,
        ..
    } = scope;
    let is_named = |parts: &Parts| !parts.named.is_empty();
    if server.options.parts.as_ref().is_none_or(is_named) {
        return None;
    }
    let markers: Vec<_> = server.parts.iter().map(|part| &part.marker).collect();
    Some(quote! {
        #(
        enum #markers {}
        impl #impl_generics #krate::__private::Part<#markers> for #self_ty #declared {
            type Call = #krate::NoMessage;
            type Cast = #krate::NoMessage;
            type Info = #krate::NoMessage;
            const HANDLERS: &'static [#krate::__private::Handler] = &[];
            const WAITS: ::core::primitive::bool = false;
            const BLOCKS: ::core::primitive::bool = false;
        }
        )*
    })
}

/// Said of the first of a part's messages: the server has to name the part. An error is shown at the name.
pub(crate) fn is_named(scope: &Scope<'_>, sort: Message) -> Option<TokenStream> {
    let Scope {
        server,
        krate,
        self_ty,
        ..
    } = scope;
    let marker = &server.part.as_ref()?.name;
    let first = Message::ALL.into_iter().find(|sort| server.has(*sort));
    (first == Some(sort)).then(|| {
        let required = quote_spanned!(marker.span()=> __private::require_part::<#self_ty, #marker>);
        quote!(const NAMED: () = #krate::#required();)
    })
}

/// How a part's messages of this sort become the server's, and how they come back.
pub(crate) fn ways(sort: Message) -> (Ident, Ident) {
    let word = sort.word();
    (format_ident!("{word}"), format_ident!("{word}_back"))
}

fn type_word(sort: Message) -> Ident {
    format_ident!("{}", sort.type_word())
}

/// `Admin(<Cache as Part<Admin>>::Call)`, for each part.
pub(crate) fn variants(scope: &Scope<'_>, sort: Message) -> Vec<TokenStream> {
    let parts = scope.server.parts.iter().map(|part| {
        let Part { cfg, variant, .. } = part;
        let (of, word) = (of(scope, part), type_word(sort));
        quote!(#cfg #variant(#of::#word))
    });
    parts.collect()
}

/// `<Cache as Part<__Admin>>`
fn of(scope: &Scope<'_>, part: &Part) -> TokenStream {
    let (krate, self_ty, marker) = (scope.krate, scope.self_ty, marker(scope, part));
    quote!(<#self_ty as #krate::__private::Part<#marker>>)
}

fn marker(scope: &Scope<'_>, part: &Part) -> TokenStream {
    if asks(scope) {
        checked_name(part).into_token_stream()
    } else {
        part.marker.clone()
    }
}

/// Whether it is asked about its parts: a constant knows no parameters.
fn asks(scope: &Scope<'_>) -> bool {
    scope.server.generics.params.is_empty()
}

fn checked_name(part: &Part) -> Ident {
    format_ident!("__{}", part.variant.unraw())
}

/// `type __Admin = Checked<Admin, { asked::<<Admin as PartOf<Cache>>::Itself>() }>;`, for each part: that it is one of this server is asked once.
pub(crate) fn checked(scope: &Scope<'_>) -> TokenStream {
    let (krate, self_ty) = (scope.krate, scope.self_ty);
    let parts = scope.server.parts.iter().filter(|_| asks(scope));
    let parts = parts.map(|part| {
        let (cfg, marker, name) = (&part.cfg, &part.marker, checked_name(part));
        let wanted = quote!(#krate::__private::PartOf<#self_ty>);
        let question = checked::question(marker.span(), marker, &wanted, "Itself");
        let checked = checked::checked(krate, marker, &question);
        quote!(#cfg type #name = #checked;)
    });
    parts.collect()
}

/// `CacheCall::Admin(part) => Dispatch::handle_now(part, server, cx)`, for each part.
pub(crate) fn handled_now(scope: &Scope<'_>, sort: Message) -> Vec<TokenStream> {
    let (dispatch, state, cx) = (trait_of(scope), &scope.state, &scope.cx);
    arms(
        scope,
        sort,
        &quote!(#dispatch::handle_now(part, #state, #cx)),
    )
}

/// The same, where it may wait.
pub(crate) fn handled(scope: &Scope<'_>, sort: Message) -> Vec<TokenStream> {
    let (dispatch, state, cx) = (trait_of(scope), &scope.state, &scope.cx);
    let handled = quote!(#dispatch::handle::<__Carry>(part, #state, #cx).await);
    arms(scope, sort, &handled)
}

/// What a part says of its message.
pub(crate) fn asked(scope: &Scope<'_>, sort: Message, question: &Ident) -> Vec<TokenStream> {
    let dispatch = trait_of(scope);
    arms(scope, sort, &quote!(#dispatch::#question(part)))
}

fn trait_of(scope: &Scope<'_>) -> TokenStream {
    let (krate, self_ty) = (scope.krate, scope.self_ty);
    quote!(#krate::__private::Dispatch::<#self_ty>)
}

fn arms(scope: &Scope<'_>, sort: Message, result: &TokenStream) -> Vec<TokenStream> {
    let messages = scope.server.names.of(sort);
    let arms = scope.server.parts.iter().map(|part| {
        let Part { cfg, variant, .. } = part;
        quote!(#cfg #messages::#variant(part) => #result,)
    });
    arms.collect()
}

/// `Handler::part(<Cache as Part<Admin>>::HANDLERS)`, for each part.
pub(crate) fn handlers(scope: &Scope<'_>) -> Vec<TokenStream> {
    let krate = scope.krate;
    let parts = scope.server.parts.iter().map(|part| {
        let (cfg, of) = (&part.cfg, of(scope, part));
        quote!(#cfg #krate::__private::Handler::part(#of::HANDLERS),)
    });
    parts.collect()
}

/// Whether this constant is true of the server's own handlers, or of a part's.
pub(crate) fn any(scope: &Scope<'_>, own: bool, constant: &str) -> TokenStream {
    let (krate, constant) = (scope.krate, format_ident!("{constant}"));
    let parts = scope.server.parts.iter().map(|part| {
        let (cfg, of) = (&part.cfg, of(scope, part));
        quote!(#cfg #of::#constant)
    });
    quote!(#krate::__private::any(&[#own, #(#parts),*]))
}

/// `impl HasPart<Admin> for Cache`, for each part.
pub(crate) fn named(scope: &Scope<'_>) -> TokenStream {
    let parts = &scope.server.parts;
    let named = parts.iter().enumerate().map(|(nth, part)| {
        let before = parts.get(..nth).unwrap_or_default();
        one_named(scope, part, before)
    });
    named.collect()
}

fn one_named(scope: &Scope<'_>, part: &Part, before: &[Part]) -> TokenStream {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        stated,
        ..
    } = scope;
    let Part { cfg, variant, .. } = part;
    let marker = marker(scope, part);
    let own = Literal::usize_unsuffixed(server.handlers.len());
    let before = before.iter().map(|part| {
        let (cfg, of) = (&part.cfg, of(scope, part));
        quote!(#cfg #of::HANDLERS)
    });
    let ways = Message::ALL.map(|sort| {
        let (messages, word) = (server.names.of(sort), type_word(sort));
        let (there, back) = ways(sort);
        let (of_part, of_server) = (of(scope, part), quote!(<#self_ty as #krate::GenServer>));
        quote! {
            fn #there(message: #of_part::#word) -> #of_server::#word {
                #messages::#variant(message)
            }
            fn #back(message: #of_server::#word) -> ::core::option::Option<#of_part::#word> {
                match message {
                    #messages::#variant(message) => ::core::option::Option::Some(message),
                    _ => ::core::option::Option::None,
                }
            }
        }
    });
    quote! {
        #cfg
        impl #impl_generics #krate::__private::HasPart<#marker> for #self_ty #stated {
            const BEGIN: ::core::primitive::u32 = #krate::__private::after(#own, &[#(#before),*]);
            #(#ways)*
        }
    }
}
