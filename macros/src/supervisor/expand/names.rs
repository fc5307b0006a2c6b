//! Literal names: the check that none stands in a declaration twice.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

use crate::supervisor::expand::{cfg, literal_name};
use crate::supervisor::model::{Child, Form, Supervisor, Times};
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
            const NAMES: &[::core::option::Option<&str>] = &[#(#names),*];
            #(#checks;)*
        };
    })
}

/// All children that are certain to run together: where each stands, and its name.
fn collect(supervisor: &Supervisor, processes: &mut Vec<(Span, TokenStream)>) {
    let certain =
        |child: &&Child| child.carried.cfgs.is_empty() && matches!(child.times, Times::Once);
    for child in supervisor.children().iter().filter(certain) {
        match &child.form {
            Form::Type { ty, .. } => {
                let params = parameter_names(&supervisor.generics);
                if !mention_any(ty.to_token_stream(), &params) {
                    let at = types::span(ty);
                    processes.push((at, respan(&quote!(<#ty>::__NAME), at)));
                }
            }
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
