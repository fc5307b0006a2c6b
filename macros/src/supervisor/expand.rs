//! The output: from the model to the supervisor's type and its implementation of `Supervisor` or `DynamicSupervisor`.

mod args;
mod children;
mod dynamic;
mod fixed;
mod functions;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Expr, Lit};

use crate::carry::Carried;
use crate::naming;
use crate::supervisor::model::Supervisor;
use crate::types;

/// Everything a `supervisor!` stands for.
pub(crate) fn expand(supervisor: &Supervisor) -> TokenStream {
    match &supervisor.fields.dynamic {
        Some(children) => dynamic::expand(supervisor, children),
        None if supervisor.fields.word("dynamic").is_some() => TokenStream::new(),
        None => fixed::expand(supervisor),
    }
}

/// The attributes of the type: the user's, with a line of docs where there are none.
fn head(supervisor: &Supervisor, docs: &str) -> TokenStream {
    let attributes: &[Attribute] = &supervisor.attributes;
    let default = Carried::from_attributes(attributes)
        .docs
        .is_empty()
        .then(|| quote!(#[doc = #docs]));
    quote!(#default #(#attributes)*)
}

/// The `#[cfg]`s of the declaration, for everything beside the type.
fn cfg(supervisor: &Supervisor) -> TokenStream {
    Carried::from_attributes(&supervisor.attributes).cfg()
}

/// The child id of the supervisor itself.
fn own_id(supervisor: &Supervisor) -> String {
    naming::snake(&supervisor.ident)
}

/// `Name::from_static("app")`, or `Name::new(expression)`.
fn name(supervisor: &Supervisor) -> Option<TokenStream> {
    let krate = &supervisor.krate;
    supervisor.name.as_ref().map(|name| match name {
        Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => {
            quote!(#krate::Name::from_static(#literal))
        }
        name => quote!(#krate::Name::new(#name)),
    })
}

/// `fn name() -> Option<Name>` of the trait.
fn name_callback(supervisor: &Supervisor) -> Option<TokenStream> {
    let krate = &supervisor.krate;
    name(supervisor).map(|name| {
        quote! {
            fn name() -> ::core::option::Option<#krate::Name> {
                ::core::option::Option::Some(#name)
            }
        }
    })
}

/// `Deref` to the reference. An error about a dynamic child is shown at its type.
fn deref(
    supervisor: &Supervisor,
    own: &Ident,
    target: &TokenStream,
    required: &TokenStream,
) -> TokenStream {
    let ident = &supervisor.ident;
    let child = supervisor.fields.dynamic.iter().flatten().next();
    let at = child.map_or_else(Span::call_site, types::span);
    let target = quote_spanned!(at=> type Target = #target;);
    quote! {
        #[automatically_derived]
        impl ::core::ops::Deref for #ident #required {
            #target

            fn deref(&self) -> &Self::Target {
                &self.#own
            }
        }
    }
}

/// `.max_restarts(3).max_seconds(5)`, where they were given.
fn intensity(supervisor: &Supervisor) -> TokenStream {
    let restarts = supervisor
        .fields
        .max_restarts
        .iter()
        .map(|number| quote!(.max_restarts(#number)));
    let seconds = supervisor
        .fields
        .max_seconds
        .iter()
        .map(|number| quote!(.max_seconds(#number)));
    restarts.chain(seconds).collect()
}
