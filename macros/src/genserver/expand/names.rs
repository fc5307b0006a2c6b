//! The names of servers: how one is made of init arguments, and the functions that look a server up by it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Lit};

use crate::genserver::expand::scope::Scope;
use crate::genserver::model::Value;
use crate::tokens::{respan, uses_variable};
use crate::types::{self, Parameters};

pub(crate) fn named(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope {
        server,
        krate,
        alias_generics,
        ..
    } = scope;
    let expression = server.options.name.as_ref()?;
    let (client, name_fn) = (&server.names.client, &server.names.name_fn);
    let used = used_values(scope, expression);
    let Parameters { generics, list } = scope.parameters(&used, TokenStream::new());
    let args = used.iter().map(|value| scope.given(value));
    let name = match static_name(scope, expression) {
        Some(name) => name,
        None => quote!(Self::#name_fn(#(#args),*)),
    };
    let docs = format!(
        " The client of the `{}` of this name: of whichever process has it when a call is made.",
        server.ident
    );
    let body = scope.unless_init_is_broken(
        quote!(::core::convert::From::from(#krate::ServerRef::named(#name))),
    );
    Some(quote! {
        #[doc = #docs]
        #[must_use]
        pub fn named #generics(#list) -> #client #alias_generics {
            #body
        }
    })
}

/// Who has the name now. A name that is one of the arguments is asked for by reference, a plain text by itself; any other
/// has to be made first.
pub(crate) fn whereis(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope {
        server,
        krate,
        alias_generics,
        ..
    } = scope;
    let expression = server.options.name.as_ref()?;
    let (client, name_fn) = (&server.names.client, &server.names.name_fn);
    let used = used_values(scope, expression);
    let (Parameters { generics, list }, key, bounds) = match (expression, &*used) {
        (Expr::Lit(literal), _) if static_name(scope, expression).is_some() => {
            (scope.parameters(&[], quote!()), quote!(#literal), quote!())
        }
        (Expr::Path(path), [only]) if path.path.is_ident(&only.name) => {
            let name = &only.name;
            let (param, bounds) = by_reference(scope, only);
            (param, quote!(#name), bounds)
        }
        _ => {
            let args = used.iter().map(|value| scope.given(value));
            let key = quote!(&Self::#name_fn(#(#args),*));
            (scope.parameters(&used, quote!()), key, quote!())
        }
    };
    let docs = format!(
        " The client of the `{}` that has this name now: of this process, and no other.",
        server.ident
    );
    let body = scope.unless_init_is_broken(quote! {
        ::core::option::Option::map(#krate::ServerRef::whereis(#key), ::core::convert::From::from)
    });
    Some(quote! {
        #[doc = #docs]
        #[must_use]
        pub fn whereis #generics(#list) -> ::core::option::Option<#client #alias_generics> #bounds {
            #body
        }
    })
}

/// `id: &u64`, and the bound that leaves it to `named` to say what is wrong with a type that is no key. A text may be any:
/// `name: &str`.
fn by_reference(scope: &Scope<'_>, value: &Value) -> (Parameters, TokenStream) {
    let name = &value.name;
    let mut parameters = scope.parameters(&[value], quote!());
    if types::obstacle(&value.ty).is_some() {
        return (parameters, quote!());
    }
    parameters.generics = quote!();
    if types::is_string(&value.ty) {
        parameters.list = quote!(#name: &::core::primitive::str);
        return (parameters, quote!());
    }
    let (krate, ty) = (scope.krate, scope.outside(&value.ty));
    parameters.list = quote!(#name: &#ty);
    (parameters, quote!(where #ty: for<'__any> #krate::NameKey))
}

/// The one place where the user's expression for the name stands.
pub(crate) fn function(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let expression = server.options.name.as_ref()?;
    if static_name(scope, expression).is_some() {
        return None;
    }
    let name_fn = &server.names.name_fn;
    let params = used_values(scope, expression)
        .into_iter()
        .map(|Value { name, ty, .. }| quote!(#name: #ty));
    Some(quote! {
        #[doc(hidden)]
        fn #name_fn(#(#params),*) -> #krate::Name {
            #krate::Name::new(#expression)
        }
    })
}

/// A literal name as a constant, so that `supervisor!` can see that it stands in a tree twice.
pub(crate) fn constant(scope: &Scope<'_>) -> Option<TokenStream> {
    let expression = scope.server.options.name.as_ref()?;
    static_name(scope, expression)?;
    Some(quote! {
        #[doc(hidden)]
        pub const __NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(#expression);
    })
}

/// `GenServer::name`, for the dispatch.
pub(crate) fn callback(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let expression = server.options.name.as_ref()?;
    let values = server.init_values();
    let used = used_values(scope, expression);
    let name_fn = &server.names.name_fn;
    let (args, name) = match (static_name(scope, expression), &*values) {
        (Some(name), _) => (quote!(_args), name),
        (None, _) if used.is_empty() => (quote!(_args), quote!(Self::#name_fn())),
        (None, [only]) => {
            let arg = cloned(only, &quote!(args));
            (quote!(args), quote!(Self::#name_fn(#arg)))
        }
        (None, _) => {
            let place = |value: &&Value| {
                let name = &value.name;
                if used.iter().any(|used| used.name == *name) {
                    name.to_token_stream()
                } else {
                    quote!(_)
                }
            };
            let (places, args) = (
                values.iter().map(place),
                used.iter().map(|value| cloned(value, &value.name)),
            );
            (quote!((#(#places),*)), quote!(Self::#name_fn(#(#args),*)))
        }
    };
    let body = scope.unless_init_is_broken(quote!(::core::option::Option::Some(#name)));
    let args = if server.hooks.init.as_ref().is_some_and(|init| init.broken) {
        quote!(_args)
    } else {
        args
    };
    Some(quote! {
        fn name(#args: &Self::Args) -> ::core::option::Option<#krate::Name> {
            #body
        }
    })
}

/// A copy of an init argument; that it cannot be made is shown at its type.
fn cloned(value: &Value, from: &impl ToTokens) -> TokenStream {
    respan(
        &quote!(::core::clone::Clone::clone(#from)),
        types::span(&value.ty),
    )
}

/// A plain text needs no function, and no allocation.
fn static_name(scope: &Scope<'_>, expression: &Expr) -> Option<TokenStream> {
    let krate = scope.krate;
    match expression {
        Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => {
            Some(quote!(#krate::Name::from_static(#literal)))
        }
        _ => None,
    }
}

/// The init arguments that the name is made of.
fn used_values<'a>(scope: &Scope<'a>, expression: &Expr) -> Vec<&'a Value> {
    let mut values = scope.server.init_values();
    values.retain(|value| uses_variable(expression.to_token_stream(), &value.name));
    values
}
