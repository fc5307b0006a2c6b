//! Literal names: the check that none stands in a declaration twice.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, Lit, Type};

use crate::supervisor::expand::{cfg, listed, literal_name};
use crate::supervisor::model::{Child, Form, Partition, Supervisor, Times};
use crate::tokens::{mention_any, respan};
use crate::types::{self, parameter_names};

/// ```text
/// const _: () = {
///     use NoLiteralName as _;
///     const NAMES: &[Option<&str>] = &[<Cache>::__NAME, <Store>::__NAME];
///     require_own_name(NAMES, 1);
/// };
/// ```
pub(crate) fn check(supervisor: &Supervisor) -> Option<TokenStream> {
    let krate = &supervisor.krate;
    let mut processes = Vec::new();
    if let Some(name) = literal_name(supervisor) {
        let name = quote!(::core::option::Option::Some(#name));
        processes.push((supervisor.ident.span(), name));
    }
    collect(supervisor, &mut processes);
    if processes.len() < 2 {
        return None;
    }
    let names = processes.iter().map(|(_, name)| name);
    let checks = processes.iter().enumerate().skip(1).map(|(nth, (at, _))| {
        let check = quote!(#krate::__private::require_own_name(NAMES, #nth));
        respan(&check, *at)
    });
    let cfg = cfg(supervisor);
    Some(quote! {
        #cfg
        const _: () = {
            use #krate::__private::NoLiteralName as _;
            const NAMES: &[::core::option::Option<&::core::primitive::str>] = &[#(#names),*];
            #(#checks;)*
        };
    })
}

/// ```text
/// const _: () = {
///     use NoLiteralName as _;
///     require_no_name(<Cache>::__NAME);
/// };
/// ```
pub(crate) fn check_partitions(supervisor: &Supervisor, ty: &Type) -> Option<TokenStream> {
    let krate = &supervisor.krate;
    if !are_several(supervisor.fields.partitions.as_ref()) {
        return None;
    }
    let (at, name) = name_of(supervisor, ty)?;
    let check = respan(&quote!(#krate::__private::require_no_name), at);
    Some(quote! {
        const _: () = {
            use #krate::__private::NoLiteralName as _;
            #check(#name);
        };
    })
}

/// All processes that are certain to run together: where each stands, and its name.
fn collect(supervisor: &Supervisor, processes: &mut Vec<(Span, TokenStream)>) {
    let fields = &supervisor.fields;
    if let Some(Partition { ty, .. }) = &fields.partition
        && !are_several(fields.partitions.as_ref())
    {
        processes.extend(name_of(supervisor, ty));
    }
    let certain =
        |child: &&Child| child.carried.cfgs.is_empty() && matches!(child.times, Times::Once);
    for child in supervisor.children().iter().filter(certain) {
        match &child.form {
            Form::Type { ty, .. } => processes.extend(name_of(supervisor, ty)),
            Form::Inline(inner) => {
                if let Some(name) = literal_name(inner) {
                    let name = quote!(::core::option::Option::Some(#name));
                    processes.push((inner.ident.span(), name));
                }
                collect(inner, processes);
            }
            Form::Task(_) | Form::Spec(_) => {}
        }
    }
}

/// The name of a child of this type, which is that of the type: of a parameter of the supervisor nothing is known.
fn name_of(supervisor: &Supervisor, ty: &Type) -> Option<(Span, TokenStream)> {
    let params = parameter_names(&supervisor.generics);
    if mention_any(ty.to_token_stream(), &params) {
        return None;
    }
    let at = types::span(ty);
    Some((at, listed::of(ty, &quote!(>::__NAME))))
}

/// Whether there are several partitions, by default one for each core: an expression may say that there is one.
fn are_several(partitions: Option<&Expr>) -> bool {
    match partitions {
        None => true,
        Some(Expr::Lit(literal)) => match &literal.lit {
            Lit::Int(number) => number.base10_digits() != "1",
            _ => false,
        },
        Some(_) => false,
    }
}
