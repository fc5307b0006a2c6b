//! The parameters of an alias of the server's type: rustc wants it to use all that it has.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics};

use crate::genserver::model::Server;
use crate::tokens::mention;
use crate::types;

/// The parameters without those that only the bounds of others tell: `T`, of `impl<I: Iterator<Item = T>, T> Reader<I>`.
pub(super) fn in_type(server: &Server) -> Generics {
    types::keep(&server.generics, |param| {
        mention(server.self_ty.clone(), param)
    })
}

/// `<T, const N: usize>`: the parameters without their bounds, which an alias does not check.
pub(super) fn parameters(generics: &Generics) -> Option<TokenStream> {
    let params = generics.params.iter().map(|param| match param {
        GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => {
            let (ident, ty) = (&param.ident, &param.ty);
            quote!(const #ident: #ty)
        }
    });
    (!generics.params.is_empty()).then(|| quote!(<#(#params),*>))
}
