//! The output: from the model to tokens.

mod functions;
mod method;

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::GenericParam;
use syn::ext::IdentExt;

use crate::carry::Carried;
use crate::naming::Fresh;
use crate::protocol::expand::functions::Functions;
use crate::protocol::expand::method::Part;
use crate::protocol::model::{Protocol, Sort};
use crate::{tokens, types};

/// ```text
/// struct KeyValueClient { .. }
/// trait __KeyValue { one method per method: fn get(&self, key: String) -> ProtocolCall<Option<Value>>; }
/// const _: () = {
///     impl KeyValueClient { one method per method, stand_in, vacant, fill }
///     a trait for each method: a server that has the handler
///     impl __KeyValue for Speaker<S>
///     impl __KeyValue for StandIn<M>
///     impl Protocol for dyn KeyValue
/// };
/// ```
pub(crate) fn expand(protocol: &Protocol) -> TokenStream {
    let Protocol {
        krate,
        carried,
        vis,
        ident,
        generics,
        methods,
    } = protocol;
    let name = ident.unraw();
    let client = format_ident!(
        "{name}Client",
        span = Span::call_site().located_at(ident.span())
    );
    let hidden = format_ident!("__{name}", span = Span::call_site());
    let mut fresh = Fresh::default();
    fresh.avoid(quote!(#ident #generics));
    for method in methods {
        let types = method.args.iter().map(|(_, ty)| ty);
        fresh.avoid(quote!(#(#types)*));
        if let Sort::Call(reply) = &method.sort {
            fresh.avoid(reply.clone());
        }
    }
    let (server, mock, from) = (fresh.ident("S"), fresh.ident("M"), fresh.ident("C"));
    let words = fresh.ident("words");
    let mut traveling = generics.clone();
    for param in generics.type_params() {
        let ident = &param.ident;
        // What is said twice, clippy would say.
        let more = match types::said(param, generics) {
            (true, true) => continue,
            (true, false) => quote!('static),
            (false, true) => quote!(::core::marker::Send),
            (false, false) => quote!(::core::marker::Send + 'static),
        };
        let clause = traveling.make_where_clause();
        clause.predicates.push(syn::parse_quote!(#ident: #more));
    }
    let (impl_generics, ty_generics, clause) = traveling.split_for_impl();
    let predicates = clause.map(|clause| &clause.predicates);
    let predicates = predicates.map(|list| {
        let list = list.iter();
        quote!(#(#list,)*)
    });
    let params = &generics.params;
    // With their defaults.
    let declared_generics = (!params.is_empty()).then(|| {
        let params = params
            .iter()
            .map(|param| tokens::ours(param.to_token_stream()));
        quote!(<#(#params),*>)
    });
    let params = params.iter().map(without_default);
    let params = quote!(#(#params,)*);
    let cfg = carried.cfg();
    let object = quote!(dyn #ident #ty_generics);
    let docs = format!(" Client of the protocol [`{name}`]: of any server that speaks it.");
    let hidden_docs = format!(" What a client of [`{name}`] asks.");
    let parts: Vec<_> = methods
        .iter()
        .map(|method| Part::new(protocol, method, &mut fresh, &words))
        .collect();
    let (declared, client_methods) = (
        parts.iter().map(|part| &part.declared),
        parts.iter().map(|part| &part.client),
    );
    let (of_speaker, of_stand_in) = (
        parts.iter().map(|part| part.speaker(&server)),
        parts
            .iter()
            .map(|part| part.stand_in(ident, &ty_generics.to_token_stream())),
    );
    let needs = parts
        .iter()
        .map(|part| part.needs(protocol, &params, &server));
    let needed = parts
        .iter()
        .map(|part| part.needed(&server, &ty_generics.to_token_stream()));
    let needed = quote!(#(#needed)*);
    // A name may be there twice, under two `#[cfg]`s.
    let names: BTreeMap<_, _> = parts
        .iter()
        .map(|part| (&part.name, part.named()))
        .collect();
    let (names, named) = (names.keys(), names.values());
    let checks = parts.iter().map(|part| part.checks(protocol));
    let granted: TokenStream = parts.iter().map(|part| part.granted(protocol)).collect();
    let asked = parts.iter().map(Part::asked_by_name);
    let functions = Functions::new(protocol, &parts, &traveling, &mut fresh);
    let (from_fn, functions) = functions
        .map(|functions| functions.expand(&hidden, &granted))
        .unzip();
    let deprecated = std::iter::once(carried)
        .chain(methods.iter().map(|method| &method.carried))
        .any(Carried::is_deprecated)
        .then(|| quote!(#[allow(deprecated)]));
    let allows: TokenStream = carried.allows.iter().cloned().collect();
    let client_text = client.to_string();
    quote! {
        #[doc = #docs]
        #cfg
        #allows
        #vis struct #client #declared_generics #clause {
            to: #krate::__private::ProtocolLink<dyn #hidden #ty_generics>,
        }

        #[doc = #hidden_docs]
        #cfg
        #allows
        #[doc(hidden)]
        trait #hidden #impl_generics: ::core::marker::Send + ::core::marker::Sync #clause {
            #(#declared)*
        }

        #cfg
        #allows
        #deprecated
        const _: () = {
            impl #impl_generics #client #ty_generics #clause {
                #(#client_methods)*

                /// A client of this value instead of a server: for tests. It is asked in turn, where it is asked.
                #[must_use]
                #vis fn stand_in<#mock>(mock: #mock) -> Self
                where
                    #mock: #ident #ty_generics + ::core::marker::Send + 'static,
                    #granted
                {
                    let mock = #krate::__private::StandIn::new(mock);
                    Self { to: #krate::__private::ProtocolLink::to(#krate::__private::Arc::new(mock)) }
                }

                #from_fn

                /// One that this server answers.
                #[doc(hidden)]
                #[must_use]
                #vis fn of_server<#server>(self, server: <#server as #krate::GenServer>::Client) -> Self
                where
                    #server: #krate::GenServer,
                    #needed
                {
                    let server = #krate::__private::Speaker::<#server>(server);
                    let server = #krate::__private::Arc::new(server);
                    Self { to: #krate::__private::ProtocolLink::instead(self.to, server) }
                }

                /// A client of nobody yet. Who is filled in later, all its clones ask.
                #[must_use]
                #vis fn vacant() -> Self {
                    Self { to: #krate::__private::ProtocolLink::vacant() }
                }

                /// Has all clones of this vacant client ask whom `with` asks now. `false`: that is nobody, or this client
                /// was not vacant.
                #vis fn fill<#from>(&self, with: #from) -> ::core::primitive::bool
                where
                    #from: ::core::convert::Into<Self>,
                {
                    let with: Self = ::core::convert::Into::into(with);
                    #krate::__private::ProtocolLink::fill(&self.to, &with.to)
                }
            }

            /// The names of the methods, for errors.
            mod #words {
                #(pub(super) struct #names;)*
            }

            #(#named)*
            #(#checks)*
            #(#needs)*

            impl<#params #server> #hidden #ty_generics for #krate::__private::Speaker<#server>
            where
                #server: #krate::GenServer,
                #needed
                #predicates
            {
                #(#of_speaker)*
            }

            impl<#params #mock> #hidden #ty_generics for #krate::__private::StandIn<#mock>
            where
                #mock: #ident #ty_generics + ::core::marker::Send + 'static,
                #granted
                #predicates
            {
                #(#of_stand_in)*
            }

            #functions

            impl #impl_generics #krate::__private::Protocol for #object #clause {
                const METHODS: &'static [#krate::__private::Asked] = &[#(#asked),*];

                type Client = #client #ty_generics;

                fn nobody() -> Self::Client {
                    #client { to: #krate::__private::ProtocolLink::nobody() }
                }
            }

            impl<#params #from> ::core::convert::From<#from> for #client #ty_generics
            where
                #from: #krate::__private::ClientOf,
                <#from as #krate::__private::ClientOf>::Server:
                    #krate::__private::Speaks<#object>,
                #predicates
            {
                fn from(client: #from) -> Self {
                    let server = #krate::__private::ClientOf::into_server(client);
                    <<#from as #krate::__private::ClientOf>::Server as #krate::__private::Speaks<#object>>::speak(
                        ::core::convert::Into::into(server),
                    )
                }
            }

            impl #impl_generics ::core::clone::Clone for #client #ty_generics #clause {
                fn clone(&self) -> Self {
                    Self { to: ::core::clone::Clone::clone(&self.to) }
                }
            }

            impl #impl_generics ::core::fmt::Debug for #client #ty_generics #clause {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.debug_tuple(#client_text).field(&self.to).finish()
                }
            }
        };
    }
}

/// `T: Clone` of `T: Clone = u64`.
fn without_default(param: &GenericParam) -> TokenStream {
    let mut param = param.clone();
    match &mut param {
        GenericParam::Type(param) => param.default = None,
        GenericParam::Const(param) => param.default = None,
        GenericParam::Lifetime(_) => {}
    }
    tokens::ours(param.to_token_stream())
}
