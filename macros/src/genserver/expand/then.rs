//! What `cx.then()` gives: one method for each `#[handle_continue]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::genserver::expand::client::head;
use crate::genserver::expand::fields::Fields;
use crate::genserver::expand::scope::Scope;
use crate::genserver::model::Handler;
use crate::genserver::role::Own;
use crate::types::Parameters;

/// `then_type! { CacheThen, CacheClientOf }`, in the hidden module beside the client, where there is something to continue with.
pub(crate) fn then_type(scope: &Scope<'_>) -> Option<TokenStream> {
    let (krate, server) = (scope.krate, scope.server);
    server.own(Own::Continue).next()?;
    let (then, client) = (&server.names.then, &server.names.client_of);
    Some(quote!(#krate::__private::then_type! { #then, #client }))
}

/// ```text
/// impl CacheThen<'_, Cache> {
///     fn load(self, dir: PathBuf) { self.__with(CacheInfo::Load { dir }) }
/// }
/// ```
pub(crate) fn methods(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope {
        server,
        self_ty,
        impl_generics,
        required,
        ..
    } = scope;
    server.own(Own::Continue).next()?;
    let methods = server
        .own(Own::Continue)
        .map(|handler| method(scope, handler));
    let (module, then) = (&server.names.module, &server.names.then);
    Some(quote! {
        impl #impl_generics #module::#then<'_, #self_ty> #required {
            #(#methods)*
        }
    })
}

fn method(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let function = &handler.function;
    let (vis, name, head) = (&function.vis, function.name(), head(scope, handler));
    let values: Vec<_> = function.values().collect();
    let Parameters { generics, list } =
        scope.parameters(&values, function.signature.to_token_stream());
    let body = if function.broken {
        scope.unreachable(&values)
    } else {
        let (infos, variant) = (&scope.server.names.info, &handler.variant);
        let fields = Fields::of_message(scope, handler).value();
        quote!(self.__with(#infos::#variant #fields))
    };
    quote! {
        #head
        #vis fn #name #generics(self, #list) {
            #body
        }
    }
}
