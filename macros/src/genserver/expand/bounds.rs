//! Checks that arguments and replies may travel: from the types of the model to assertions and where predicates.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

use crate::genserver::model::{Function, Role, Server};
use crate::tokens;
use crate::types;

/// What the types in messages have to be.
///
/// A type that cannot travel makes one error, at that type, in our words. The assertion makes it. The predicate on the
/// generated impls lets them take it for granted; its `for<..>` makes rustc believe even what is not so (rust#48214). It
/// says `Send`, not `MessagePart`: a message may hold a client of its own server, and only for auto traits does rustc accept
/// that the one is `Send` if the other is.
///
/// A type that mentions the server's own parameters takes a plain predicate and no assertion; so do the parameters, and the
/// state that is made of them.
#[derive(Default)]
pub(crate) struct Bounds {
    pub(crate) predicates: Vec<TokenStream>,
    pub(crate) checks: TokenStream,
}

impl Bounds {
    pub(crate) fn new(server: &Server) -> Self {
        let mut bounds = Self::default();
        let mut seen = BTreeSet::new();
        if server.is_generic() {
            let self_ty = &server.self_ty;
            bounds.predicates.push(quote!(#self_ty: ::core::marker::Send + 'static));
            let params = server.generics.type_params().map(|param| &param.ident);
            bounds.predicates.extend(params.map(|param| quote!(#param: ::core::marker::Send + 'static)));
        }
        for function in server.functions().filter(|function| !function.broken) {
            for ty in traveling(function) {
                if seen.insert(quote!(#ty).to_string()) {
                    bounds.add(server, function, ty);
                }
            }
        }
        bounds
    }

    fn add(&mut self, server: &Server, function: &Function, ty: &Type) {
        if types::is_everyday(ty, &server.generics) {
            return;
        }
        let krate = &server.krate;
        let outside = tokens::without_self(ty, &server.self_ty);
        let conditional = !function.carried.cfgs.is_empty();
        if tokens::mention_any(outside.clone(), &types::parameter_names(&server.generics)) {
            if !conditional {
                self.predicates.push(quote!(#outside: ::core::marker::Send));
            }
            return;
        }
        // There is no `#[cfg]` on a predicate: the type may not even exist.
        if !conditional {
            self.predicates.push(quote!(for<'__any> #outside: ::core::marker::Send));
        }
        let cfg = function.carried.cfg();
        let check = quote_spanned!(types::span(ty)=> __private::require_message_part::<#outside>);
        self.checks.extend(quote! {
            #cfg
            #[cfg(not(rust_analyzer))]
            const _: fn() = #krate::#check;
        });
    }
}

/// The types of a function's arguments and reply that go from one task to another.
fn traveling(function: &Function) -> impl Iterator<Item = &Type> {
    let hook = matches!(function.role, Role::Exit | Role::Terminate);
    let arguments = function.values().filter(move |_| !hook).map(|value| &value.ty);
    let reply = if function.role == Role::Call { function.reply_type() } else { None };
    arguments.chain(reply)
}
