//! Why a type cannot be carried by a message, as far as its spelling tells.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{GenericArgument, Lifetime, PathArguments, PathSegment, Type, TypeParamBound};

use crate::types::{is_str, ungroup};

/// Why a type cannot be carried by a message, as far as its spelling tells, with the tokens to blame.
pub(crate) enum Obstacle {
    /// A reference that is not `&'static`, or a lifetime that is not `'static`.
    Borrow(TokenStream),
    /// `impl Trait`, which has no name.
    ImplTrait(TokenStream),
    /// `_`, or `dyn Trait`, `str` or `[T]` by value. rustc says so, of the handler itself.
    Rejected,
}

/// The first obstacle in a type, from left to right.
pub(crate) fn obstacle(ty: &Type) -> Option<Obstacle> {
    match ungroup(ty) {
        Type::TraitObject(_) | Type::Slice(_) => Some(Obstacle::Rejected),
        _ if is_str(ty) => Some(Obstacle::Rejected),
        _ => inner_obstacle(ty),
    }
}

fn inner_obstacle(ty: &Type) -> Option<Obstacle> {
    match ungroup(ty) {
        Type::Reference(reference) => match &reference.lifetime {
            Some(lifetime) if lifetime.ident == "static" => inner_obstacle(&reference.elem),
            Some(lifetime) => {
                let (and, lifetime) = (&reference.and_token, lifetime);
                Some(Obstacle::Borrow(
                    quote_spanned!(and.spans[0]=> #and #lifetime),
                ))
            }
            None => Some(Obstacle::Borrow(reference.and_token.to_token_stream())),
        },
        Type::ImplTrait(implement) => Some(Obstacle::ImplTrait(implement.to_token_stream())),
        Type::Infer(_) => Some(Obstacle::Rejected),
        Type::Array(array) => inner_obstacle(&array.elem),
        Type::Slice(slice) => inner_obstacle(&slice.elem),
        Type::Ptr(pointer) => inner_obstacle(&pointer.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(inner_obstacle),
        Type::Path(path) => path.path.segments.iter().find_map(in_segment),
        Type::TraitObject(object) => object.bounds.iter().find_map(in_bound),
        _ => None,
    }
}

fn in_segment(segment: &PathSegment) -> Option<Obstacle> {
    if lacks_its_lifetime(segment) {
        return Some(Obstacle::Borrow(segment.to_token_stream()));
    }
    // `Fn(&str) -> T`: lifetimes in there are its own.
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Lifetime(lifetime) => borrowed(lifetime),
        GenericArgument::Type(ty) => inner_obstacle(ty),
        GenericArgument::AssocType(assoc) => inner_obstacle(&assoc.ty),
        _ => None,
    })
}

/// `Cow<str>` or `Cow<[u8]>`, of which everybody knows that it has a lifetime.
fn lacks_its_lifetime(segment: &PathSegment) -> bool {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return false;
    };
    let is_borrowed = |argument: &GenericArgument| matches!(argument, GenericArgument::Type(ty) if is_str(ty) || matches!(ungroup(ty), Type::Slice(_)));
    segment.ident == "Cow" && arguments.args.first().is_some_and(is_borrowed)
}

/// Whether a `Cow<str>` is all that borrows in this type: it has a lifetime that is not written.
pub(crate) fn is_elided_cow(tokens: &TokenStream) -> bool {
    syn::parse2::<PathSegment>(tokens.clone()).is_ok_and(|segment| lacks_its_lifetime(&segment))
}

fn in_bound(bound: &TypeParamBound) -> Option<Obstacle> {
    match bound {
        TypeParamBound::Lifetime(lifetime) => borrowed(lifetime),
        TypeParamBound::Trait(bound) if bound.lifetimes.is_none() => {
            bound.path.segments.iter().find_map(in_segment)
        }
        _ => None,
    }
}

fn borrowed(lifetime: &Lifetime) -> Option<Obstacle> {
    (lifetime.ident != "static").then(|| Obstacle::Borrow(lifetime.to_token_stream()))
}
