//! The output: from the model to tokens, in the order in which a reader meets them.

mod bounds;
mod client;
mod describe;
mod dispatch;
mod hooks;
mod message;
mod options;
mod start;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use self::bounds::Bounds;
use crate::genserver::model::{Function, Param, Server, Value};
use crate::tokens;
use crate::types;

/// Everything but the user's impl block.
///
/// ```text
/// type CacheClient = ..;          // and the hidden module around it
/// const _: () = {
///     impl Cache { start_link, start, child_spec, named, whereis }
///     impl CacheClient { one method per handler }
///     requests and message enums
///     impl GenServer for Cache
///     checks
/// };
/// ```
pub(crate) fn expand(server: &Server) -> TokenStream {
    let scope = Scope::new(server);
    let start = start::expand(&scope);
    let client_type = client::client_type(&scope);
    let client = client::methods(&scope);
    let messages = message::expand(&scope);
    let behaviour = dispatch::expand(&scope);
    let checks = &scope.bounds.checks;
    let (cfg, allow) = (&server.cfg, allow());
    quote! {
        #client_type

        #cfg
        #allow
        const _: () = {
            #start
            #client
            #messages
            #behaviour
            #checks
        };
    }
}

/// The lints that are quiet in generated code: those about style, those about what nobody uses yet, and those that the
/// user has heard once already, of the handler.
fn allow() -> TokenStream {
    quote! {
        #[allow(
            clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction,
            dead_code, deprecated, non_camel_case_types, non_snake_case, private_bounds, private_interfaces, unexpected_cfgs,
            unreachable_code, unreachable_patterns, unreachable_pub, unused_qualifications, unused_variables,
            rustdoc::broken_intra_doc_links, rustdoc::private_intra_doc_links
        )]
    }
}

/// What most parts of the output need.
pub(crate) struct Scope<'a> {
    pub(crate) server: &'a Server,
    pub(crate) krate: &'a TokenStream,
    pub(crate) self_ty: &'a TokenStream,
    /// The same in front of `::`, as in `Cache::get` and `<Stack<T>>::get`.
    pub(crate) self_path: TokenStream,
    /// `<T: Clone, const N: usize>`
    pub(crate) impl_generics: TokenStream,
    /// `<T, N>`
    pub(crate) ty_generics: TokenStream,
    /// The user's where clause.
    pub(crate) declared: TokenStream,
    /// The user's where clause, and what messages have to be.
    pub(crate) required: TokenStream,
    pub(crate) bounds: Bounds,
    /// `cx`, with a hygiene of its own: an argument of this name is something else.
    pub(crate) cx: Ident,
}

impl<'a> Scope<'a> {
    fn new(server: &'a Server) -> Self {
        let (impl_generics, ty_generics, declared) = server.generics.split_for_impl();
        let bounds = Bounds::new(server);
        let predicates = server
            .generics
            .where_clause
            .iter()
            .flat_map(|clause| &clause.predicates);
        let predicates = predicates
            .map(ToTokens::to_token_stream)
            .chain(bounds.predicates.iter().cloned());
        let predicates: Vec<TokenStream> = predicates.collect();
        let required = if predicates.is_empty() {
            quote!()
        } else {
            quote!(where #(#predicates),*)
        };
        Self {
            krate: &server.krate,
            self_ty: &server.self_ty,
            self_path: self_path(&server.self_ty),
            impl_generics: impl_generics.to_token_stream(),
            ty_generics: ty_generics.to_token_stream(),
            declared: declared.to_token_stream(),
            required,
            bounds,
            cx: Ident::new("cx", Span::mixed_site()),
            server,
        }
    }

    /// A type from the user's signature, for use outside the impl block.
    pub(crate) fn outside(&self, ty: impl ToTokens) -> TokenStream {
        tokens::without_self(ty, self.self_ty)
    }

    /// The parameter of a generated function for this argument.
    pub(crate) fn parameter(&self, value: &Value) -> TokenStream {
        let name = &value.name;
        if types::obstacle(&value.ty).is_some() {
            return quote!(#name: impl ::core::marker::Sized);
        }
        let ty = self.outside(&value.ty);
        match syn::parse2(ty.clone()) {
            Ok(ty) => types::parameter(self.krate, name, &ty),
            Err(_) => quote!(#name: #ty),
        }
    }

    /// The value of that parameter.
    pub(crate) fn given(&self, value: &Value) -> TokenStream {
        types::given(self.krate, &value.name, &value.ty)
    }

    /// The name of a `cx` parameter: `_cx` where nothing uses it.
    pub(crate) fn cx_param(&self, used: bool) -> Ident {
        if used {
            self.cx.clone()
        } else {
            Ident::new("_cx", Span::mixed_site())
        }
    }

    /// The arguments of a call of the user's function, after the receiver.
    pub(crate) fn arguments(
        &self,
        function: &Function,
        mut value: impl FnMut(usize, &Ident) -> TokenStream,
    ) -> Vec<TokenStream> {
        let mut nth = 0;
        let argument = |param: &Param| match param {
            Param::Context => self.cx.to_token_stream(),
            Param::ReplyTo => quote!(reply),
            Param::Value(of) => {
                nth += 1;
                value(nth - 1, &of.name)
            }
        };
        function.params.iter().map(argument).collect()
    }
}

fn self_path(self_ty: &TokenStream) -> TokenStream {
    match syn::parse2::<syn::Path>(self_ty.clone()) {
        Ok(path)
            if path
                .segments
                .iter()
                .all(|segment| segment.arguments.is_none()) =>
        {
            self_ty.clone()
        }
        _ => quote!(<#self_ty>),
    }
}
