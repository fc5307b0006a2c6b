//! Functions that stand in for a server: one for each method.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Generics;

use crate::naming::Fresh;
use crate::protocol::expand::method::Part;
use crate::protocol::model::{Protocol, Sort};

/// So many arguments has a function that is easy to call.
const MOST: usize = 7;

pub(super) struct Functions<'a> {
    protocol: &'a Protocol,
    parts: &'a [Part<'a>],
    traveling: &'a Generics,
    /// The struct that has them.
    ident: Ident,
    /// Their types.
    params: Vec<Ident>,
    /// A field for the parameters of the protocol.
    of: Ident,
}

impl<'a> Functions<'a> {
    /// `None` where there would be none, or too many.
    pub(super) fn new(
        protocol: &'a Protocol,
        parts: &'a [Part<'a>],
        traveling: &'a Generics,
        fresh: &mut Fresh,
    ) -> Option<Self> {
        let mut fields = Fresh::default();
        let names = parts.iter().map(|part| &part.name);
        fields.avoid(quote!(#(#names)*));
        (1..=MOST).contains(&parts.len()).then(|| Self {
            protocol,
            parts,
            traveling,
            ident: fresh.ident("Functions"),
            params: parts.iter().map(|_| fresh.ident("F")).collect(),
            of: fields.ident("of"),
        })
    }

    /// ```text
    /// fn from_fn<F: FnMut(String) -> Option<Value> + Send + 'static>(get: F) -> Self { .. }
    ///
    /// struct Functions { get: Box<dyn FnMut(String) -> Option<Value> + Send> }
    /// impl __KeyValue for ByFunctions<Functions> { one method per method }
    /// ```
    pub(super) fn expand(
        &self,
        hidden: &Ident,
        granted: &TokenStream,
    ) -> (TokenStream, TokenStream) {
        let Protocol { krate, vis, .. } = self.protocol;
        let (ident, params, of) = (&self.ident, &self.params, &self.of);
        let (impl_generics, ty_generics, clause) = self.traveling.split_for_impl();
        let predicates = clause.map(|clause| {
            let list = clause.predicates.iter();
            quote!(#(#list,)*)
        });
        let granted = (!granted.is_empty()).then_some(granted);
        let has_clause = (predicates.is_some() || granted.is_some()).then(|| quote!(where));
        let grants = granted.map(|granted| quote!(where #granted));
        let is_generic = !self.traveling.params.is_empty();
        let (field, made) = is_generic
            .then(|| {
                (
                    quote!(#of: ::core::marker::PhantomData<fn() -> #krate::__private::Box<dyn #hidden #ty_generics>>,),
                    quote!(#of: ::core::marker::PhantomData,),
                )
            })
            .unzip();
        let cfgs: Vec<_> = self.parts.iter().map(|part| &part.cfg).collect();
        // A name may be there twice, under two `#[cfg]`s.
        let names: Vec<_> = self.parts.iter().map(|part| &part.name).collect();
        let shapes: Vec<_> = self.parts.iter().map(Self::shape).collect();
        let methods = self.parts.iter().map(|part| Self::method(krate, part));
        let from_fn = quote! {
            /// A client of these functions instead of a server, one for each method: for tests. They are asked in turn,
            /// where they are asked.
            #[must_use]
            #vis fn from_fn<#(#cfgs #params: #shapes + ::core::marker::Send + 'static),*>(#(#cfgs #names: #params),*) -> Self
            #grants
            {
                let functions = #ident { #(#cfgs #names: #krate::__private::Box::new(#names),)* #made };
                let mock = #krate::__private::ByFunctions(#krate::__private::StandIn::new(functions));
                Self { to: #krate::__private::ProtocolLink::to(#krate::__private::Arc::new(mock)) }
            }
        };
        let functions = quote! {
            struct #ident #impl_generics #clause {
                #(#cfgs #names: #krate::__private::Box<dyn #shapes + ::core::marker::Send>,)*
                #field
            }

            impl #impl_generics #hidden #ty_generics for #krate::__private::ByFunctions<#ident #ty_generics>
            #has_clause #predicates #granted
            {
                #(#methods)*
            }
        };
        (from_fn, functions)
    }

    /// `FnMut(String) -> Option<Value>`
    fn shape(part: &Part<'_>) -> TokenStream {
        let types = &part.types;
        let reply = match &part.method.sort {
            Sort::Call(reply) => Some(reply),
            Sort::Cast => None,
        };
        let reply = reply.map(|reply| quote!(-> #reply));
        quote!(::core::ops::FnMut(#(#types),*) #reply)
    }

    fn method(krate: &TokenStream, part: &Part<'_>) -> TokenStream {
        let Part {
            cfg,
            name,
            names,
            types,
            kind,
            returns,
            ..
        } = part;
        let mock = Ident::new("mock", Span::mixed_site());
        quote! {
            #cfg
            fn #name(&self, #(#names: #types),*) -> #returns {
                #krate::__private::StandIn::#kind(&self.0, move |#mock| (#mock.#name)(#(#names),*))
            }
        }
    }
}
