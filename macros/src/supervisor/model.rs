//! A supervisor as it was declared: what the parser fills, the rules look at, and the output is made of.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::quote;
use syn::{Attribute, Expr, Type, Visibility};

use crate::carry::Carried;
use crate::tokens;
use crate::values::Shutdown;

/// One `supervisor!`.
pub(crate) struct Supervisor {
    /// The path of the facade crate.
    pub(crate) krate: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) params: Vec<(Ident, Type)>,
    pub(crate) name: Option<Expr>,
    /// The fields in braces, each with the word that was written.
    pub(crate) fields: Fields,
}

/// What stands in the braces; `None` where nothing was said.
#[derive(Default)]
pub(crate) struct Fields {
    /// The variant of `Strategy`.
    pub(crate) strategy: Option<Ident>,
    pub(crate) max_restarts: Option<TokenStream>,
    pub(crate) max_seconds: Option<TokenStream>,
    pub(crate) max_children: Option<TokenStream>,
    pub(crate) children: Option<Vec<Child>>,
    /// The types of the children of a dynamic supervisor.
    pub(crate) dynamic: Option<Vec<Type>>,
    /// The arguments that dynamic children get before their own.
    pub(crate) extra_arguments: Option<Vec<Ident>>,
    /// The words before the colons.
    pub(crate) words: Vec<Ident>,
    /// There was a word that is none of them: one that is missing may have been meant by it.
    pub(crate) unknown: bool,
}

/// An entry of `children`.
pub(crate) struct Child {
    pub(crate) carried: Carried,
    pub(crate) ty: Type,
    pub(crate) args: Args,
    /// The name after `as`, or one made of the type's.
    pub(crate) id: Ident,
    pub(crate) restart: Option<Ident>,
    pub(crate) shutdown: Option<Shutdown>,
}

/// What stands in the parentheses after a child.
pub(crate) enum Args {
    None,
    /// The expressions, and the parentheses around them.
    Some(Vec<Expr>, Span),
    /// No expressions yet: what stands there is handed on, for the IDE to complete them and for rustc to complain.
    Partial(Group),
}

impl Args {
    /// Those that could be read.
    pub(crate) fn expressions(&self) -> &[Expr] {
        match self {
            Self::Some(expressions, _) => expressions,
            Self::None | Self::Partial(_) => &[],
        }
    }
}

impl Child {
    /// The name of its field, which is the macro's own.
    pub(crate) fn field(&self) -> Ident {
        tokens::our(&self.id)
    }

    /// Whether its arguments mention this variable.
    pub(crate) fn uses(&self, name: &Ident) -> bool {
        match &self.args {
            Args::None => false,
            Args::Some(expressions, _) => tokens::uses_variable(quote!(#(#expressions),*), name),
            Args::Partial(_) => true,
        }
    }
}

impl Fields {
    /// The word of a field that was given.
    pub(crate) fn word(&self, field: &str) -> Option<&Ident> {
        self.words.iter().find(|word| *word == field)
    }
}
