//! The parameters that types may have in them.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{GenericParam, Generics, Type, TypeParam, TypeParamBound, WherePredicate};

use crate::tokens::mention_any;
use crate::types::{is_ident, ungroup};

/// The names of the type and const parameters.
pub(crate) fn parameter_names(generics: &Generics) -> impl Iterator<Item = &Ident> + Clone {
    generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    })
}

/// Whether this is a parameter or a type found by one, such as `T::Item`: it may turn out to be any type.
pub(crate) fn may_be_any(ty: &Type, params: &Generics) -> bool {
    let Type::Path(path) = ungroup(ty) else {
        return false;
    };
    let first = path.path.segments.first().map(|segment| &segment.ident);
    path.qself.is_some()
        || first.is_some_and(|first| parameter_names(params).any(|param| param == first))
}

/// Those type and const parameters that are to be kept, and what is said of no other.
pub(crate) fn keep(generics: &Generics, keeps: impl Fn(&Ident) -> bool) -> Generics {
    let mut kept = generics.clone();
    let params = generics.params.iter().filter(|param| match param {
        GenericParam::Type(param) => keeps(&param.ident),
        GenericParam::Const(param) => keeps(&param.ident),
        GenericParam::Lifetime(_) => true,
    });
    kept.params = params.cloned().collect();
    if let Some(clause) = &mut kept.where_clause {
        let dropped: Vec<_> = parameter_names(generics)
            .filter(|param| !keeps(param))
            .collect();
        let dropped = dropped.iter().copied();
        let predicates = std::mem::take(&mut clause.predicates).into_iter();
        clause.predicates = predicates
            .filter(|predicate| !mention_any(predicate.to_token_stream(), &dropped))
            .collect();
    }
    kept
}

/// Whether the user says already that the parameter is `Send`, and `'static`.
pub(crate) fn said(param: &TypeParam, generics: &Generics) -> (bool, bool) {
    let is_of = |predicate: &WherePredicate| match predicate {
        WherePredicate::Type(of) if is_ident(&of.bounded_ty, &param.ident) => {
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
