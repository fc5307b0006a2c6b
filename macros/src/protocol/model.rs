//! A protocol as the output needs it.

use proc_macro2::{Ident, TokenStream};
use syn::{Generics, Type, Visibility};

use crate::carry::Carried;

pub(crate) struct Protocol {
    pub(crate) krate: TokenStream,
    pub(crate) carried: Carried,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) methods: Vec<Method>,
}

/// A sound method.
pub(crate) struct Method {
    pub(crate) carried: Carried,
    pub(crate) ident: Ident,
    pub(crate) args: Vec<(Ident, Type)>,
    pub(crate) sort: Sort,
}

impl Method {
    /// Whether it is there under a condition.
    pub(crate) fn is_conditional(&self) -> bool {
        !self.carried.cfgs.is_empty()
    }
}

pub(crate) enum Sort {
    /// With the type of the reply.
    Call(TokenStream),
    Cast,
}
