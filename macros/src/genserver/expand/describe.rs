//! `describe_call`, `describe_cast`, `describe_info`: what a crash report says of a message.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use crate::genserver::expand::scope::Scope;
use crate::genserver::model::Handler;
use crate::genserver::role::Message;

/// For one kind of messages: the handler's name, and with `last_message` its arguments.
pub(crate) fn expand(scope: &Scope<'_>, sort: Message) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    server.of(sort).next()?;
    let (function, message, ty) = sort.callback("describe");
    let messages = server.names.of(sort);
    let arms = server.of(sort).map(|handler| {
        let Handler { function, variant, .. } = handler;
        let (name, cfg) = (function.name().unraw().to_string(), function.carried.cfg());
        if sort == Message::Call {
            return quote!(#cfg #messages::#variant(ref request, _) => #krate::Request::describe(request),);
        }
        let values: Vec<_> = function.values().map(|value| &value.name).collect();
        if values.is_empty() || !server.last_message() {
            let rest = if values.is_empty() { quote!() } else { quote!({ .. }) };
            return quote!(#cfg #messages::#variant #rest => #krate::Described::new(#name),);
        }
        let shown = values.iter().map(|value| quote!(.arg(#krate::__private::debug_of!(#value))));
        quote!(#cfg #messages::#variant { #(ref #values),* } => #krate::Described::new(#name) #(#shown)*,)
    });
    let never = server
        .is_generic()
        .then(|| quote!(#messages::__Never(ref never) => never.absurd(),));
    Some(quote! {
        fn #function(#message: &Self::#ty) -> #krate::Described<'_> {
            match *#message { #(#arms)* #never }
        }
    })
}
