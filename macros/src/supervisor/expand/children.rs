//! The children of a supervisor: their specifications, what they have to be, and the checks that they are.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Generics;
use syn::ext::IdentExt;

use crate::supervisor::expand::args::Arguments;
use crate::supervisor::expand::intensity;
use crate::supervisor::model::{Child, Supervisor};
use crate::tokens::respan;
use crate::types;

/// `where for<'__any> Cache: Child`, and what the arguments have to be.
pub(crate) fn required(supervisor: &Supervisor, children: &[Child]) -> TokenStream {
    let krate = &supervisor.krate;
    let mut seen = BTreeSet::new();
    // There is no `#[cfg]` on a predicate: the type may not even exist.
    let unconditional = children
        .iter()
        .filter(|child| child.carried.cfgs.is_empty());
    let types = unconditional.map(|Child { ty, .. }| quote!(#ty: #krate::Restartable));
    let types: Vec<_> = types.filter(|ty| seen.insert(ty.to_string())).collect();
    let predicates = types.iter().map(|ty| quote!(for<'__any> #ty));
    let predicates: Vec<_> = predicates.chain(required_params(supervisor)).collect();
    if predicates.is_empty() {
        quote!()
    } else {
        quote!(where #(#predicates),*)
    }
}

/// What the arguments of a supervisor have to be.
pub(crate) fn required_params(supervisor: &Supervisor) -> impl Iterator<Item = TokenStream> {
    supervisor
        .params
        .iter()
        .map(|(_, ty)| ty)
        .filter(|ty| !types::is_everyday(ty, &Generics::default()))
        .map(|ty| quote!(for<'__any> #ty: ::core::clone::Clone + ::core::marker::Send))
}

/// An assertion for each child, and for each argument of the supervisor. The one for a child asks whether it can be restarted,
/// of what is a child at all: anything else has its error where it is started.
pub(crate) fn checks(supervisor: &Supervisor, children: &[Child]) -> TokenStream {
    let krate = &supervisor.krate;
    let params = supervisor
        .params
        .iter()
        .filter(|(_, ty)| !types::is_everyday(ty, &Generics::default()));
    let arg_checks = params.map(|(_, ty)| {
        let check = quote_spanned!(types::span(ty)=> __private::require_supervisor_arg::<#ty>);
        quote!(const _: fn() = #krate::#check;)
    });
    let checks = children.iter().map(|child| {
        let (cfg, ty) = (child.carried.cfg(), &child.ty);
        let listed = quote!(#krate::__private::Listed::<#ty>::new().child().is_restartable());
        let check = respan(&listed, types::span(ty));
        quote!(#cfg #check;)
    });
    quote! {
        const _: fn() = || {
            use #krate::__private::NoChild as _;
            #(#checks)*
        };
        #(#arg_checks)*
    }
}

/// The flags and the children, as one chain; with conditional children, as a statement for each.
pub(crate) fn spec(supervisor: &Supervisor, children: &[Child]) -> TokenStream {
    let (krate, intensity) = (&supervisor.krate, intensity(supervisor));
    // The strategy is missing where an error says so.
    let one_for_one = || Ident::new("OneForOne", Span::mixed_site());
    let strategy = supervisor.fields.strategy.clone();
    let strategy = strategy.unwrap_or_else(one_for_one);
    let new = quote!(#krate::SupervisorSpec::new(#krate::Strategy::#strategy) #intensity);
    let arguments = Arguments::new(supervisor, children);
    let specs = children.iter().enumerate();
    let specs = specs.map(|(nth, child)| child_spec(supervisor, &arguments, nth, child));
    if children.iter().all(|child| child.carried.cfgs.is_empty()) {
        return quote!(#new #(.child(#specs))*);
    }
    let cfgs = children.iter().map(|child| child.carried.cfg());
    let spec = Ident::new("spec", Span::mixed_site());
    quote! {
        let #spec = #new;
        #(#cfgs let #spec = #spec.child(#specs);)*
        #spec
    }
}

/// `<Counter as Child>::child_spec(&self.low, "low", Counter::__args(1)).restart(..)`
fn child_spec(
    supervisor: &Supervisor,
    arguments: &Arguments<'_>,
    nth: usize,
    child: &Child,
) -> TokenStream {
    let (krate, as_child, id) = (
        &supervisor.krate,
        as_child(supervisor, child),
        child.field(),
    );
    let text = id.unraw().to_string();
    let restart = child
        .restart
        .iter()
        .map(|restart| quote!(.restart(#krate::Restart::#restart)));
    let shutdown = child.shutdown.iter().map(|shutdown| {
        let shutdown = shutdown.tokens(krate);
        quote!(.shutdown(#shutdown))
    });
    let args = arguments.of(nth, child);
    quote!(#as_child::child_spec(&self.#id, #text, #args) #(#restart)* #(#shutdown)*)
}

/// `<Cache as Child>`, shown at the child's type.
pub(crate) fn as_child(supervisor: &Supervisor, child: &Child) -> TokenStream {
    let (krate, ty) = (&supervisor.krate, &child.ty);
    respan(&quote!(<#ty as #krate::Child>), types::span(ty))
}
