//! The output: from the model to the supervisor's type and its implementation of `Supervisor` or `DynamicSupervisor`.

mod args;
mod children;
mod dependent;
mod dynamic;
mod fixed;
mod functions;
mod handle;
mod listed;
mod names;
mod partition;
mod tree;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Type};

use crate::carry::Carried;
use crate::naming;
use crate::supervisor::model::{Child, Form, Supervisor};

/// Everything a `supervisor!` stands for.
pub(crate) fn expand(supervisor: &Supervisor) -> TokenStream {
    let declared = declaration(supervisor);
    let names = names::check(supervisor);
    quote!(#declared #names)
}

/// The type of what a child's name stands for in an argument.
pub(crate) fn given_handle(supervisor: &Supervisor, child: &Child) -> Option<Type> {
    syn::parse2(children::given_inside(supervisor, child)?).ok()
}

pub(crate) use self::listed::conditional_type;

/// A supervisor, and those inside of it.
fn declaration(supervisor: &Supervisor) -> TokenStream {
    let fields = &supervisor.fields;
    if let Some(children) = &fields.dynamic {
        return dynamic::expand(supervisor, children);
    }
    if let Some(of) = &fields.partition {
        return partition::expand(supervisor, of);
    }
    if fields.word("dynamic").is_some() || fields.word("partition").is_some() {
        return TokenStream::new();
    }
    let own = fixed::expand(supervisor);
    let children = supervisor.children().iter();
    let inside = children.filter_map(|child| match &child.form {
        Form::Inline(inner) => Some(declaration(inner)),
        Form::Type { .. } | Form::Task(_) | Form::Spec(_) => None,
    });
    let cfg = Carried::from_attributes(&supervisor.attributes).cfg();
    let errors = &supervisor.conditional_errors;
    quote!(#own #(#inside)* #(#cfg #errors)*)
}

/// The attributes of the type: the user's, with a line of docs where there are none, and a picture of the tree.
fn head(supervisor: &Supervisor, docs: &str) -> TokenStream {
    let attributes: &[Attribute] = &supervisor.attributes;
    let default = Carried::from_attributes(attributes)
        .docs
        .is_empty()
        .then(|| quote!(#[doc = #docs]));
    let tree = tree::docs(supervisor);
    quote!(#default #(#attributes)* #tree)
}

/// The `#[cfg]`s of the declaration, and its `#[allow]`s, for everything beside the type.
fn cfg(supervisor: &Supervisor) -> TokenStream {
    let carried = Carried::from_attributes(&supervisor.attributes);
    let allows = &carried.allows;
    let cfg = carried.cfg();
    quote!(#cfg #(#allows)*)
}

/// The child id of the supervisor itself.
fn own_id(supervisor: &Supervisor) -> String {
    naming::snake(&supervisor.ident)
}

/// `Name::from_static("app")`, or `Name::new(expression)`.
fn name(supervisor: &Supervisor) -> Option<TokenStream> {
    let krate = &supervisor.krate;
    let name = supervisor.name.as_ref()?;
    Some(match literal_name(supervisor) {
        Some(literal) => quote!(#krate::Name::from_static(#literal)),
        None => quote!(#krate::Name::new(#name)),
    })
}

/// The name, if it is a text that is known here.
fn literal_name(supervisor: &Supervisor) -> Option<&ExprLit> {
    match supervisor.name.as_ref()? {
        Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => Some(literal),
        _ => None,
    }
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

/// `.auto_shutdown(AutoShutdown::AnySignificant)`, where it was given.
fn auto_shutdown(supervisor: &Supervisor) -> Option<TokenStream> {
    let (krate, kind) = (&supervisor.krate, supervisor.fields.auto_shutdown.as_ref()?);
    Some(quote!(.auto_shutdown(#krate::AutoShutdown::#kind)))
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
