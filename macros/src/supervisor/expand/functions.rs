//! The functions of a supervisor's type: `start_link`, `child_spec`, `named` and `tree`, and what a child list calls for its arguments.

use proc_macro2::TokenStream;
use quote::quote;

use crate::supervisor::expand::{literal_name, name, own_id, tree};
use crate::supervisor::model::Supervisor;
use crate::types::Parameters;

/// What differs between supervisors with a list of children and dynamic ones.
pub(crate) struct Functions {
    /// The parameters of the functions that start it, and the one value that is made of them.
    pub(crate) params: Parameters,
    pub(crate) args: TokenStream,
    /// What the function that starts it is for.
    pub(crate) starts: String,
    /// The type that `start_link` returns, and its value.
    pub(crate) start: (TokenStream, TokenStream),
    /// The type that `named` returns, and its value for a name.
    pub(crate) named: (TokenStream, fn(&Supervisor, TokenStream) -> TokenStream),
}

impl Functions {
    pub(crate) fn expand(&self, supervisor: &Supervisor) -> TokenStream {
        let Supervisor {
            krate, vis, ident, ..
        } = supervisor;
        let Self {
            params: Parameters { generics, list },
            args,
            ..
        } = self;
        let id = own_id(supervisor);
        let start_link = format!(" {}, linked to the calling process.", self.starts);
        let child_spec = format!(" How another supervisor starts, restarts and stops `{ident}`.");
        let (start, started) = &self.start;
        let named = name(supervisor).map(|name| {
            let docs = format!(
                " The supervisor of this name: whichever `{ident}` has it when it is asked."
            );
            let (returns, make) = &self.named;
            let value = make(supervisor, name);
            quote! {
                #[doc = #docs]
                #[must_use]
                #vis fn named() -> #returns {
                    #value
                }
            }
        });
        let constant = literal_name(supervisor).map(|literal| {
            quote! {
                #[doc(hidden)]
                #vis const __NAME: ::core::option::Option<&'static str> = ::core::option::Option::Some(#literal);
            }
        });
        let tree = tree::function(supervisor);
        // clippy knows a shorter `()`.
        let value = (!list.is_empty()).then_some(args);
        quote! {
            #[doc = #start_link]
            #vis fn start_link #generics(#list) -> #start {
                #started
            }

            #[doc = #child_spec]
            #vis fn child_spec #generics(#list) -> #krate::ChildSpec {
                #krate::__private::child_spec::<Self>(#id, #args)
            }

            #named

            #tree

            #[doc(hidden)]
            #[inline]
            #vis fn __args #generics(#list) -> <Self as #krate::Child>::Args {
                #value
            }

            #constant
        }
    }
}
