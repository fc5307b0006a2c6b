//! How a generated function takes an argument: as it is, as any text, or by the `Into` that the user wrote.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{GenericArgument, PathArguments, Type, TypeParamBound};

use crate::naming::Fresh;
use crate::types::{is_text, obstacle, ungroup};

/// How a generated function takes the value of a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// As it is.
    Value,
    /// By `suptree::IntoArg`: a text.
    Text,
    /// By `Into`, as the user wrote it.
    Into,
}

/// The type that travels for an argument of this type, and how a client takes it.
pub(crate) fn taken(ty: &Type) -> (&Type, Taken) {
    match into_type(ty) {
        Some(into) => (into, Taken::Into),
        None => (ty, plainly_taken(ty)),
    }
}

/// The same of a type that is as it is written.
pub(crate) fn plainly_taken(ty: &Type) -> Taken {
    if is_text(ty) {
        Taken::Text
    } else {
        Taken::Value
    }
}

/// The `T` of an `impl Into<T>`, which may be `Send`, `Sync` and `'static` besides.
fn into_type(ty: &Type) -> Option<&Type> {
    let Type::ImplTrait(implement) = ungroup(ty) else {
        return None;
    };
    let mut into = None;
    for bound in &implement.bounds {
        let segment = match bound {
            TypeParamBound::Lifetime(lifetime) if lifetime.ident == "static" => continue,
            TypeParamBound::Trait(bound) => bound.path.segments.last()?,
            _ => return None,
        };
        if segment.ident == "Send" || segment.ident == "Sync" {
            continue;
        }
        let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
            return None;
        };
        match (into, arguments.args.first()) {
            (None, Some(GenericArgument::Type(ty))) if segment.ident == "Into" => into = Some(ty),
            _ => return None,
        }
    }
    into
}

/// The parameters of a generated function, and what it is generic over: `<A: IntoArg<String>>`, and `new: A, amount: u32`.
pub(crate) struct Parameters {
    pub(crate) generics: TokenStream,
    pub(crate) list: TokenStream,
}

impl Parameters {
    /// `beside`: what else stands in the function's signature. No parameter of ours shadows it.
    pub(crate) fn new(
        krate: &TokenStream,
        values: &[(&Ident, Type, Taken)],
        beside: TokenStream,
    ) -> Self {
        let mut fresh = Fresh::default();
        fresh.avoid(beside);
        for (_, ty, _) in values {
            fresh.avoid(ty.to_token_stream());
        }
        let mut generics = Vec::new();
        let list = values.iter().map(|(name, ty, taken)| {
            if obstacle(ty).is_some() {
                return quote!(#name: impl ::core::marker::Sized);
            }
            let bound = match taken {
                Taken::Value => return quote!(#name: #ty),
                Taken::Text => quote!(#krate::IntoArg<#ty>),
                Taken::Into => quote!(::core::convert::Into<#ty>),
            };
            let generic = fresh.ident("A");
            generics.push(quote!(#generic: #bound));
            quote!(#name: #generic)
        });
        let list = quote!(#(#list),*);
        let generics = (!generics.is_empty()).then(|| quote!(<#(#generics),*>));
        Self {
            generics: generics.unwrap_or_default(),
            list,
        }
    }
}

/// The value of that parameter.
pub(crate) fn given(krate: &TokenStream, name: &Ident, taken: Taken) -> TokenStream {
    match taken {
        Taken::Value => quote!(#name),
        Taken::Text => quote!(#krate::IntoArg::into_arg(#name)),
        Taken::Into => quote!(::core::convert::Into::into(#name)),
    }
}
