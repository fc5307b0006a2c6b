//! The functions of the server type: `start_link`, `start`, `child_spec`, `named` and `whereis`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::Generics;

use crate::genserver::check::is_generated;
use crate::genserver::expand::names;
use crate::genserver::expand::scope::Scope;
use crate::genserver::model::Value;
use crate::naming;
use crate::types::{self, Parameters};

/// ```text
/// #[genserver(name = id)]              impl Room {
/// impl Room {                              pub fn start_link(id: u64) -> Start<RoomClient> { .. }
///     #[init]                              pub fn start(id: u64) -> Start<RoomClient> { .. }
///     fn init(id: u64) -> Self { .. }      pub fn child_spec(id: u64) -> ChildSpec { .. }
/// }                                        pub fn named(id: u64) -> RoomClient { .. }
///                                          pub fn whereis(id: &u64) -> Option<RoomClient> { .. }
///                                          pub fn __args(id: u64) -> u64 { id }
///                                      }
/// ```
pub(crate) fn expand(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        server,
        krate,
        self_ty,
        impl_generics,
        alias_generics,
        required,
        ..
    } = scope;
    let values = server.init_values();
    let params = scope.parameters(&values, TokenStream::new());
    let Parameters { generics, list } = &params;
    let args = into_args(scope, &values);
    let (ident, client) = (&server.ident, &server.names.client);

    let starter = |function: &str, docs: String| {
        let name = format_ident!("{function}");
        let body = scope.unless_init_is_broken(quote!(#krate::#name::<Self>(#args)));
        is_generated(server, function).then(|| {
            quote! {
                #[doc = #docs]
                pub fn #name #generics(#list) -> #krate::Start<#client #alias_generics> {
                    #body
                }
            }
        })
    };
    let start_link = starter(
        "start_link",
        format!(" Starts a `{ident}` that is linked to the calling process."),
    );
    let start = starter("start", format!(" Starts a `{ident}` without a link."));
    let child_spec =
        is_generated(server, "child_spec").then(|| child_spec(scope, &values, &params, &args));
    let named = is_generated(server, "named")
        .then(|| names::named(scope))
        .flatten();
    let whereis = is_generated(server, "whereis")
        .then(|| names::whereis(scope))
        .flatten();
    let name_fn = names::function(scope);
    let constant = names::constant(scope);
    let args = args_fn(scope, &values, &params, &args);
    quote! {
        impl #impl_generics #self_ty #required {
            #start_link
            #start
            #child_spec
            #named
            #whereis
            #name_fn
            #args
            #constant
        }
    }
}

/// What `Room(7)` in a child list calls: its parameters are those of `#[init]`, so an error names them, and shows it.
fn args_fn(
    scope: &Scope<'_>,
    values: &[&Value],
    Parameters { generics, list }: &Parameters,
    args: &TokenStream,
) -> TokenStream {
    let Scope { server, krate, .. } = scope;
    let init = server.hooks.init.as_ref();
    let at = init.map_or_else(|| server.ident.span(), |init| init.name().span());
    let name = Ident::new("__args", Span::call_site().located_at(at));
    // clippy knows a shorter `()`.
    let args = (!values.is_empty()).then_some(args);
    let body = scope.unless_init_is_broken(quote!(#args));
    quote! {
        #[doc(hidden)]
        #[inline]
        pub fn #name #generics(#list) -> <Self as #krate::GenServer>::Args {
            #body
        }
    }
}

fn child_spec(
    scope: &Scope<'_>,
    values: &[&Value],
    Parameters { generics, list }: &Parameters,
    args: &TokenStream,
) -> TokenStream {
    let Scope { server, krate, .. } = scope;
    let docs = format!(
        " How a supervisor starts, restarts and stops a `{}`.",
        server.ident
    );
    let id = naming::snake(&server.ident);
    let copied = values
        .iter()
        .filter(|value| !types::is_everyday(&value.ty, &Generics::default()))
        .filter(|value| types::obstacle(&value.ty).is_none())
        .map(|value| {
            let ty = scope.outside(&value.ty);
            quote!(#ty: for<'__any> ::core::clone::Clone)
        });
    let copied: Vec<_> = copied.collect();
    let bounds = if copied.is_empty() {
        quote!()
    } else {
        quote!(where #(#copied),*)
    };
    let body =
        scope.unless_init_is_broken(quote!(#krate::__private::child_spec::<Self>(#id, #args)));
    quote! {
        #[doc = #docs]
        pub fn child_spec #generics(#list) -> #krate::ChildSpec #bounds {
            #body
        }
    }
}

/// The arguments as one value: `()`, the only one, or a tuple.
fn into_args(scope: &Scope<'_>, values: &[&Value]) -> TokenStream {
    match values {
        [only] => scope.given(only),
        values => {
            let values = values.iter().map(|value| scope.given(value));
            quote!((#(#values),*))
        }
    }
}
