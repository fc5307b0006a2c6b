//! Checks that arguments and replies may travel: from the types of the model to assertions and where predicates.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Generics, Type, TypeParam, TypeParamBound, WherePredicate};

use crate::genserver::model::{Function, Server};
use crate::tokens;
use crate::types;

/// What the types in messages have to be.
///
/// A type that cannot travel makes an error at that type, in our words: the assertion makes it. Where a type is known by its
/// spelling to be no traveler, `Rc<T>` for one, it is the only error: a predicate on the generated impls lets them take the
/// type for granted, and its `for<..>` makes rustc believe what is not so (rust#48214). Other types get no predicate: it
/// would make `Cache: GenServer` depend on them, and a message may well hold clients and supervisors that depend on `Cache`.
/// rustc then runs in circles, for long or for ever.
///
/// A type that mentions the server's own parameters has no assertion: the parameters are `Send + 'static`, the rest follows.
#[derive(Default)]
pub(crate) struct Bounds {
    pub(crate) predicates: Vec<TokenStream>,
    /// Those of them that are of the server's own parameters.
    pub(crate) parameters: Vec<TokenStream>,
    /// That the state may travel. Where `Cache: GenServer` is asked, `Cache: Send` would be asked again: the predicate lets it be taken
    /// for granted. What implements `ServerState` is the one place that asks, and costs nothing where it is required.
    pub(crate) state: TokenStream,
    /// `T: 'static`, where the user does not say so: what stands in a type that mentions the server has to.
    pub(crate) lives: Vec<TokenStream>,
    pub(crate) checks: TokenStream,
}

impl Bounds {
    pub(crate) fn new(server: &Server) -> Self {
        let mut bounds = Self::default();
        let mut seen = BTreeSet::new();
        let (krate, self_ty) = (&server.krate, &server.self_ty);
        for param in server.generics.type_params() {
            let (sends, lives) = said(param, &server.generics);
            let ident = &param.ident;
            bounds.predicates.extend(match (sends, lives) {
                (true, true) => None,
                (true, false) => Some(quote!(#ident: 'static)),
                (false, true) => Some(quote!(#ident: ::core::marker::Send)),
                (false, false) => Some(quote!(#ident: ::core::marker::Send + 'static)),
            });
            bounds
                .lives
                .extend((!lives).then(|| quote!(#ident: 'static)));
        }
        bounds.parameters = bounds.predicates.clone();
        bounds.state = quote!(for<'__any> #self_ty: #krate::ServerState<'__any>);
        for function in server.functions().filter(|function| !function.broken) {
            for ty in function.traveling() {
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
        if tokens::mention_any(outside.clone(), &types::parameter_names(&server.generics)) {
            return;
        }
        // There is no `#[cfg]` on a predicate: the type may not even exist.
        if function.carried.cfgs.is_empty() && types::is_suspicious(&outside) {
            self.predicates
                .push(quote!(for<'__any> #outside: ::core::marker::Send));
        }
        let cfg = function.carried.cfg();
        self.checks.extend(quote! {
            #cfg
            const _: fn() = <#outside as #krate::__private::MessagePart>::travels;
        });
    }
}

/// Whether the user says already that the parameter is `Send`, and `'static`.
fn said(param: &TypeParam, generics: &Generics) -> (bool, bool) {
    let is_of = |predicate: &WherePredicate| match predicate {
        WherePredicate::Type(of) if types::is_ident(&of.bounded_ty, &param.ident) => {
            Some(of.bounds.iter().cloned().collect())
        }
        _ => None,
    };
    let clauses = generics.where_clause.iter();
    let said: Vec<Vec<TypeParamBound>> = clauses
        .flat_map(|clause| clause.predicates.iter().filter_map(is_of))
        .collect();
    let mut said = said.iter().flatten().chain(&param.bounds);
    let sends = said.clone().any(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|segment| segment.ident == "Send")
        }
        _ => false,
    });
    let lives = said.any(
        |bound| matches!(bound, TypeParamBound::Lifetime(lifetime) if lifetime.ident == "static"),
    );
    (sends, lives)
}
