//! The output: from the model to tokens.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{GenericParam, Meta};

use crate::carry::Carried;
use crate::naming::{self, Fresh};
use crate::protocol::model::{Method, Protocol, Sort};
use crate::tokens;
use crate::types::{self, Parameters};

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
    fresh.avoid(quote!(#generics));
    for method in methods {
        let types = method.args.iter().map(|(_, ty)| ty);
        fresh.avoid(quote!(#(#types)*));
        if let Sort::Call(reply) = &method.sort {
            fresh.avoid(reply.clone());
        }
    }
    let (server, mock, from) = (fresh.ident("S"), fresh.ident("M"), fresh.ident("C"));
    let mut traveling = generics.clone();
    for param in generics.type_params() {
        let param = &param.ident;
        let clause = traveling.make_where_clause();
        clause
            .predicates
            .push(syn::parse_quote!(#param: ::core::marker::Send + 'static));
    }
    let (impl_generics, ty_generics, clause) = traveling.split_for_impl();
    let predicates = clause.map(|clause| &clause.predicates);
    let predicates = predicates.map(|list| {
        let list = list.iter();
        quote!(#(#list,)*)
    });
    let params = generics.params.iter().map(without_default);
    let params = quote!(#(#params),*);
    let separate = (!generics.params.is_empty()).then(|| quote!(,));
    let cfg = carried.cfg();
    let object = quote!(dyn #ident #ty_generics);
    let docs = format!(" Client of the protocol [`{name}`]: of any server that speaks it.");
    let hidden_docs = format!(" What a client of [`{name}`] asks.");
    let parts: Vec<_> = methods
        .iter()
        .map(|method| Part::new(protocol, method, &mut fresh))
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
    let needs = parts.iter().map(|part| {
        part.needs(
            protocol,
            &params,
            &impl_generics.to_token_stream(),
            &server,
            &separate,
        )
    });
    let needed: Vec<_> = parts
        .iter()
        .map(|part| {
            let of = &part.of;
            quote!(#server: #of #ty_generics,)
        })
        .collect();
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
        #vis struct #client #impl_generics #clause {
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
                {
                    let mock = #krate::__private::StandIn::new(mock);
                    Self { to: #krate::__private::ProtocolLink::to(::std::sync::Arc::new(mock)) }
                }

                /// A client of nobody yet. Who is filled in later, all its clones ask.
                #[must_use]
                #vis fn vacant() -> Self {
                    Self { to: #krate::__private::ProtocolLink::vacant() }
                }

                /// Has all clones of this vacant client ask whom `with` asks now. `false`: that is nobody, or this client
                /// was not vacant.
                #vis fn fill(&self, with: impl ::core::convert::Into<Self>) -> bool {
                    let with: Self = ::core::convert::Into::into(with);
                    #krate::__private::ProtocolLink::fill(&self.to, &with.to)
                }
            }

            #(#needs)*

            impl<#params #separate #server> #hidden #ty_generics for #krate::__private::Speaker<#server>
            where
                #server: #krate::GenServer,
                #(#needed)*
                #predicates
            {
                #(#of_speaker)*
            }

            impl<#params #separate #mock> #hidden #ty_generics for #krate::__private::StandIn<#mock>
            where
                #mock: #ident #ty_generics + ::core::marker::Send + 'static,
                #predicates
            {
                #(#of_stand_in)*
            }

            impl #impl_generics #krate::__private::Protocol for #object #clause {
                type Client = #client #ty_generics;
            }

            impl<#params #separate #server> #krate::__private::SpokenBy<#server> for #object
            where
                #server: #krate::GenServer,
                #(#needed)*
                #predicates
            {
                fn client(server: <#server as #krate::GenServer>::Client) -> Self::Client {
                    let server = #krate::__private::Speaker::<#server>(server);
                    #client { to: #krate::__private::ProtocolLink::to(::std::sync::Arc::new(server)) }
                }
            }

            impl<#params #separate #from> ::core::convert::From<#from> for #client #ty_generics
            where
                #from: #krate::__private::ClientOf,
                #object: #krate::__private::SpokenBy<
                    <#from as #krate::__private::ClientOf>::Server,
                    Client = #client #ty_generics,
                >,
                #predicates
            {
                fn from(client: #from) -> Self {
                    #krate::__private::speak::<#object, #from>(client)
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

/// What is made of one method.
struct Part<'a> {
    krate: &'a TokenStream,
    method: &'a Method,
    cfg: TokenStream,
    name: Ident,
    names: Vec<Ident>,
    types: Vec<TokenStream>,
    /// In the hidden trait.
    declared: TokenStream,
    client: TokenStream,
    /// The trait of the servers that have the handler.
    of: Ident,
}

impl<'a> Part<'a> {
    fn new(protocol: &'a Protocol, method: &'a Method, fresh: &mut Fresh) -> Self {
        let krate = &protocol.krate;
        let cfg = method.carried.cfg();
        let name = naming::our(&method.ident);
        let names: Vec<_> = method.args.iter().map(|(name, _)| name.clone()).collect();
        let types: Vec<_> = method
            .args
            .iter()
            .map(|(_, ty)| tokens::ours(ty.to_token_stream()))
            .collect();
        let (kind, returns) = match &method.sort {
            Sort::Call(reply) => {
                let reply = tokens::ours(reply.clone());
                (quote!(call), quote!(#krate::ProtocolCall<#reply>))
            }
            Sort::Cast => (quote!(cast), quote!(#krate::ProtocolCast)),
        };
        let declared = quote! {
            #cfg
            fn #name(&self, #(#names: #types),*) -> #returns;
        };
        let values: Vec<_> = method
            .args
            .iter()
            .map(|(name, ty)| (name, ty.clone(), types::taken(ty).1))
            .collect();
        let generics = &protocol.generics;
        let Parameters {
            generics: extra,
            list,
        } = Parameters::new(krate, &values, quote!(#generics #returns));
        let given = method.args.iter().map(|(name, ty)| {
            let given = types::given(krate, name, types::taken(ty).1);
            quote!(let #name = #given;)
        });
        let default = match method.sort {
            Sort::Call(_) => " Calls the server.",
            Sort::Cast => " Casts to the server.",
        };
        let (docs, marks) = (method.carried.docs_or(default), method.carried.marks());
        let (vis, hidden) = (&protocol.vis, format_ident!("__{}", protocol.ident.unraw()));
        let to = Ident::new("to", Span::mixed_site());
        let (_, ty_generics, _) = generics.split_for_impl();
        let client = quote! {
            #docs
            #cfg
            #marks
            #vis fn #name #extra(&self, #list) -> #returns {
                #(#given)*
                #krate::__private::ProtocolLink::#kind(&self.to, |#to| {
                    <dyn #hidden #ty_generics as #hidden #ty_generics>::#name(#to, #(#names),*)
                })
            }
        };
        let of = naming::pascal(&method.ident).unwrap_or_else(|| "Handler".to_owned());
        let of = fresh.ident(&format!("Handles{of}"));
        Self {
            krate,
            method,
            cfg,
            name,
            names,
            types,
            declared,
            client,
            of,
        }
    }

    fn returns(&self) -> TokenStream {
        let krate = self.krate;
        match &self.method.sort {
            Sort::Call(reply) => {
                let reply = tokens::ours(reply.clone());
                quote!(#krate::ProtocolCall<#reply>)
            }
            Sort::Cast => quote!(#krate::ProtocolCast),
        }
    }

    /// `HandlesCall<{ word("get") }, (String,), Option<Value>>`
    fn handles(&self) -> TokenStream {
        let Self { krate, types, .. } = self;
        let word = self.method.ident.unraw().to_string();
        match &self.method.sort {
            Sort::Call(reply) => {
                let reply = tokens::ours(reply.clone());
                quote!(#krate::__private::HandlesCall<{ #krate::__private::word(#word) }, (#(#types,)*), #reply>)
            }
            Sort::Cast => {
                quote!(#krate::__private::HandlesCast<{ #krate::__private::word(#word) }, (#(#types,)*)>)
            }
        }
    }

    /// The trait of the servers with this handler. Where a `#[cfg]` leaves the method out, all have it.
    fn needs(
        &self,
        protocol: &Protocol,
        params: &TokenStream,
        impl_generics: &TokenStream,
        server: &Ident,
        separate: &Option<TokenStream>,
    ) -> TokenStream {
        let (cfg, of, handles) = (&self.cfg, &self.of, self.handles());
        let (_, ty_generics, clause) = protocol.generics.split_for_impl();
        let predicates = clause.map(|clause| {
            let list = clause.predicates.iter();
            quote!(#(#list,)*)
        });
        let (sort, name) = match self.method.sort {
            Sort::Call(_) => ("call", &self.method.ident),
            Sort::Cast => ("cast", &self.method.ident),
        };
        let message = format!(
            "`{{Self}}` has no {sort} `{name}` as the protocol `{}` has it",
            protocol.ident
        );
        let label = format!("it does not speak `{}`", protocol.ident);
        let note = format!(
            "help: the server says `protocols({})`, and has a handler with this name, these arguments and this reply: `#[{sort}] {}`",
            protocol.ident,
            self.method.text.replace('{', "{{").replace('}', "}}")
        );
        let absent = (!self.method.carried.cfgs.is_empty()).then(|| {
            let condition = condition(&self.method.carried.cfgs);
            quote! {
                #[cfg(not(#condition))]
                trait #of #impl_generics #clause {}
                #[cfg(not(#condition))]
                impl<#params #separate #server> #of #ty_generics for #server where #predicates {}
            }
        });
        quote! {
            #cfg
            #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
            trait #of #impl_generics: #handles #clause {}

            #cfg
            #[diagnostic::do_not_recommend]
            impl<#params #separate #server> #of #ty_generics for #server
            where
                #server: #handles,
                #predicates
            {}

            #absent
        }
    }

    fn speaker(&self, server: &Ident) -> TokenStream {
        let Self {
            cfg,
            name,
            names,
            types,
            ..
        } = self;
        let (returns, handles) = (self.returns(), self.handles());
        let kind = match self.method.sort {
            Sort::Call(_) => quote!(call),
            Sort::Cast => quote!(cast),
        };
        quote! {
            #cfg
            fn #name(&self, #(#names: #types),*) -> #returns {
                <#server as #handles>::#kind(&self.0, (#(#names,)*))
            }
        }
    }

    fn stand_in(&self, protocol: &Ident, ty_generics: &TokenStream) -> TokenStream {
        let Self {
            krate,
            cfg,
            name,
            names,
            types,
            ..
        } = self;
        let returns = self.returns();
        let kind = match self.method.sort {
            Sort::Call(_) => quote!(call),
            Sort::Cast => quote!(cast),
        };
        let mock = Ident::new("mock", Span::mixed_site());
        let turbofish = (!ty_generics.is_empty()).then(|| quote!(::#ty_generics));
        quote! {
            #cfg
            fn #name(&self, #(#names: #types),*) -> #returns {
                #krate::__private::StandIn::#kind(self, move |#mock| #protocol #turbofish::#name(#mock, #(#names),*))
            }
        }
    }
}

/// When what has these attributes is there.
fn condition(cfgs: &[TokenStream]) -> TokenStream {
    let all = cfgs.iter().filter_map(|cfg| {
        let attributes =
            syn::parse::Parser::parse2(syn::Attribute::parse_outer, cfg.clone()).ok()?;
        let conditions = attributes
            .iter()
            .filter_map(|attribute| holds(&attribute.meta));
        Some(quote!(#(#conditions),*))
    });
    quote!(all(#(#all),*))
}

fn holds(meta: &Meta) -> Option<TokenStream> {
    let Meta::List(list) = meta else { return None };
    if list.path.is_ident("cfg") {
        return Some(list.tokens.clone());
    }
    let (given, metas) = crate::carry::split_cfg_attr(meta)?;
    let metas = metas.iter().filter_map(holds);
    Some(quote!(any(not(#given), all(#(#metas),*))))
}
