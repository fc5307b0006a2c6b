//! The functions of a supervisor's type: `start_link`, `child_spec`, `named` and `tree`, and what a child list calls for its arguments.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::naming;
use crate::supervisor::expand::{listed, literal_name, own_id, tree};
use crate::supervisor::model::Supervisor;
use crate::tokens::uses_variable;
use crate::types::{self, Parameters};

/// What differs between the kinds of supervisors.
pub(crate) struct Functions {
    /// What the function that starts it is for.
    pub(crate) starts: String,
    /// The function of `suptree` that starts it.
    pub(crate) start: TokenStream,
    /// The type that `named` returns, and its value, if it has a name.
    pub(crate) named: Option<(TokenStream, TokenStream)>,
    /// More functions.
    pub(crate) others: TokenStream,
}

impl Functions {
    pub(crate) fn expand(&self, supervisor: &Supervisor, required: &TokenStream) -> TokenStream {
        let Supervisor {
            krate,
            vis,
            ident,
            params,
            generics,
            ..
        } = supervisor;
        let (impl_generics, ty_generics, _) = generics.split_for_impl();
        let names: Vec<_> = params.iter().map(|(name, _)| given_name(name)).collect();
        let parameters: Vec<_> = names
            .iter()
            .zip(params)
            .map(|(name, (_, ty))| (name, ty.clone(), types::plainly_taken(ty)))
            .collect();
        let Parameters { generics, list } = Parameters::new(krate, &parameters, quote!(#ident));
        let args = given_args(supervisor);
        let id = own_id(supervisor);
        let start_link = format!(" {}, linked to the calling process.", self.starts);
        let child_spec = format!(" How another supervisor starts, restarts and stops `{ident}`.");
        let start = &self.start;
        let named = self.named.as_ref().map(|(returns, value)| {
            let docs = format!(
                " The supervisor of this name: whichever `{ident}` has it when it is asked."
            );
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
                #vis const __NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(#literal);
            }
        });
        let tree = tree::function(supervisor);
        let others = &self.others;
        // clippy knows a shorter `()`.
        let value = (!list.is_empty()).then_some(&args);
        quote! {
            impl #impl_generics #ident #ty_generics #required {
                #[doc = #start_link]
                #vis fn start_link #generics(#list) -> #krate::Start<Self> {
                    #start::<Self>(#args)
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
                #others
            }
        }
    }
}

/// The name of an argument of theirs. `_later` is used there, so it is the macro's own; any other is shown whole in rustc's notes.
fn given_name(name: &Ident) -> Ident {
    if name.to_string().starts_with('_') {
        naming::our(name)
    } else {
        name.clone()
    }
}

/// The arguments of the functions that start the supervisor, as one value.
fn given_args(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, params, .. } = supervisor;
    let args = params
        .iter()
        .map(|(name, ty)| types::given(krate, &given_name(name), types::plainly_taken(ty)));
    match &*args.collect::<Vec<_>>() {
        [only] => only.clone(),
        args => quote!((#(#args),*)),
    }
}

/// `type Args = (Config, Limits);`
pub(crate) fn args_type(supervisor: &Supervisor) -> TokenStream {
    let types = supervisor.params.iter().enumerate();
    let types = types.map(|(nth, (_, ty))| listed::argument_type(supervisor, nth, ty));
    let types: Vec<_> = types.collect();
    let at = supervisor.params.first();
    let at = at.map_or_else(Span::call_site, |(_, ty)| types::span(ty));
    match &*types {
        [] => quote!(
            type Args = ();
        ),
        [only] => quote_spanned!(at=> type Args = #only;),
        types => quote_spanned!(at=> type Args = (#(#types),*);),
    }
}

/// The pattern of the arguments that `init` gets.
pub(crate) fn pattern(supervisor: &Supervisor) -> TokenStream {
    // An argument that nothing uses is nothing to rustc.
    let patterns = supervisor.params.iter().map(|(name, _)| {
        if supervisor.uses(name, uses_variable) {
            quote!(#name)
        } else {
            quote!(_)
        }
    });
    match &*patterns.collect::<Vec<_>>() {
        [] => quote!(_args),
        [only] => only.clone(),
        patterns => quote!((#(#patterns),*)),
    }
}

/// `let _ = &size;`, of each argument whose every use may be cut off, or mean a child of its name: else rustc would say that it is unused.
pub(crate) fn used(supervisor: &Supervisor) -> TokenStream {
    let params = supervisor.params.iter().map(|(name, _)| name);
    let names_a_child = |name: &Ident| supervisor.children().iter().any(|child| child.id == *name);
    params
        .filter(|name| supervisor.uses(name, uses_variable))
        .filter(|name| !supervisor.always_uses(name, uses_variable) || names_a_child(name))
        .map(|name| quote!(let _ = &#name;))
        .collect()
}
