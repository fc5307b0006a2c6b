//! What is made of one method of a protocol.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Type;
use syn::ext::IdentExt;

use crate::naming::{self, Fresh};
use crate::protocol::model::{Method, Protocol, Sort};
use crate::tokens;
use crate::types::{self, Parameters};

/// What is made of one method.
pub(super) struct Part<'a> {
    pub(super) krate: &'a TokenStream,
    pub(super) method: &'a Method,
    pub(super) cfg: TokenStream,
    pub(super) name: Ident,
    pub(super) names: Vec<Ident>,
    pub(super) types: Vec<&'a Type>,
    /// `call` or `cast`.
    pub(super) kind: Ident,
    /// `ProtocolCall<Option<Value>>` or `ProtocolCast`.
    pub(super) returns: TokenStream,
    /// In the hidden trait.
    pub(super) declared: TokenStream,
    pub(super) client: TokenStream,
    /// Its name as a type, for errors.
    pub(super) marker: TokenStream,
    /// The trait of the servers that have the handler, where there is one: there is no `#[cfg]` on a predicate.
    of: Option<Ident>,
}

impl<'a> Part<'a> {
    pub(super) fn new(
        protocol: &'a Protocol,
        method: &'a Method,
        fresh: &mut Fresh,
        words: &Ident,
    ) -> Self {
        let krate = &protocol.krate;
        let cfg = method.carried.cfg();
        let name = naming::our(&method.ident);
        let names: Vec<_> = method.args.iter().map(|(name, _)| name.clone()).collect();
        let types: Vec<_> = method.args.iter().map(|(_, ty)| ty).collect();
        let (kind, returns) = match &method.sort {
            Sort::Call(reply) => ("call", quote!(#krate::ProtocolCall<#reply>)),
            Sort::Cast => ("cast", quote!(#krate::ProtocolCast)),
        };
        let kind = Ident::new(kind, Span::call_site());
        let declared = quote! {
            #cfg
            fn #name(&self, #(#names: #types),*) -> #returns;
        };
        let values: Vec<_> = method
            .args
            .iter()
            .map(|(name, ty)| (name, ty.clone(), types::taken(ty).1))
            .collect();
        let (generics, protocol_name) = (&protocol.generics, &protocol.ident);
        let Parameters {
            generics: extra,
            list,
        } = Parameters::new(krate, &values, quote!(#protocol_name #generics #returns));
        let given = method
            .args
            .iter()
            .map(|(name, ty)| types::given(krate, name, types::taken(ty).1));
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
                #krate::__private::ProtocolLink::#kind(&self.to, |#to| {
                    <dyn #hidden #ty_generics as #hidden #ty_generics>::#name(#to, #(#given),*)
                })
            }
        };
        let marker = quote!(#words::#name);
        let of = method.is_conditional().then(|| {
            let of = naming::pascal(&method.ident).unwrap_or_else(|| "Handler".to_owned());
            fresh.ident(&format!("Handles{of}"))
        });
        Self {
            krate,
            method,
            cfg,
            name,
            names,
            types,
            kind,
            returns,
            declared,
            client,
            marker,
            of,
        }
    }

    /// `HandlesCall<Word<{ word("get") }>, (String,), Option<Value>>`
    fn handles(&self) -> TokenStream {
        let (sort, types) = self.asked();
        let (krate, word) = (self.krate, self.word());
        let of = format_ident!("Handles{sort}");
        quote!(#krate::__private::#of<#word, #types>)
    }

    /// `HasCall<get, (String,), Option<Value>>`
    fn has(&self) -> TokenStream {
        let (sort, types) = self.asked();
        let (krate, marker) = (self.krate, &self.marker);
        let of = format_ident!("Has{sort}");
        quote!(#krate::__private::#of<#marker, #types>)
    }

    /// `Word<{ word("get") }>`
    fn word(&self) -> TokenStream {
        let krate = self.krate;
        let word = self.method.ident.unraw().to_string();
        quote!(#krate::__private::Word<{ #krate::__private::word(#word) }>)
    }

    fn asked(&self) -> (&'static str, TokenStream) {
        let types = &self.types;
        match &self.method.sort {
            Sort::Call(reply) => ("Call", quote!((#(#types,)*), #reply)),
            Sort::Cast => ("Cast", quote!((#(#types,)*))),
        }
    }

    /// `impl Named for words::get { type Word = Word<{ word("get") }>; }`
    pub(super) fn named(&self) -> TokenStream {
        let (krate, marker, word) = (self.krate, &self.marker, self.word());
        quote!(impl #krate::__private::Named for #marker { type Word = #word; })
    }

    /// `("call get/1", "#[call] fn get(&self, key: String) -> Option<Value>")`: the handler as it is written in a server.
    pub(super) fn asked_by_name(&self) -> TokenStream {
        let (cfg, method) = (&self.cfg, self.method);
        let name = &method.ident;
        let args = method.args.iter();
        let args: String = args
            .map(|(name, ty)| format!(", {name}: {}", tokens::text(ty)))
            .collect();
        let handler = match &method.sort {
            Sort::Call(reply) if is_unit(reply) => format!("#[call] fn {name}(&self{args})"),
            Sort::Call(reply) => {
                let reply = tokens::text(reply);
                format!("#[call] fn {name}(&self{args}) -> {reply}")
            }
            Sort::Cast => format!("#[cast] fn {name}(&mut self{args})"),
        };
        let name = naming::arity(&self.kind.to_string(), name, method.args.len());
        quote!(#cfg (#name, #handler))
    }

    /// What a server has to be.
    pub(super) fn needed(&self, server: &Ident, ty_generics: &TokenStream) -> TokenStream {
        match &self.of {
            Some(of) => quote!(#server: #of #ty_generics,),
            None => {
                let has = self.has();
                quote!(#server: #has,)
            }
        }
    }

    /// The trait of the servers with a handler that has a `#[cfg]`. Where it leaves the method out, all have it.
    pub(super) fn needs(
        &self,
        protocol: &Protocol,
        params: &TokenStream,
        server: &Ident,
    ) -> TokenStream {
        let Some(of) = &self.of else {
            return TokenStream::new();
        };
        let (cfg, has) = (&self.cfg, self.has());
        let (impl_generics, ty_generics, clause) = protocol.generics.split_for_impl();
        let predicates = clause.map(|clause| {
            let list = clause.predicates.iter();
            quote!(#(#list,)*)
        });
        let condition = self.method.carried.condition();
        quote! {
            #cfg
            trait #of #impl_generics: #has #clause {}

            #cfg
            impl<#params #server> #of #ty_generics for #server where #server: #has, #predicates {}

            #[cfg(not(#condition))]
            trait #of #impl_generics #clause {}

            #[cfg(not(#condition))]
            impl<#params #server> #of #ty_generics for #server where #predicates {}
        }
    }

    /// What travels, and is not known to be able to.
    fn traveling(&self, protocol: &Protocol) -> Vec<Type> {
        let reply = match &self.method.sort {
            Sort::Call(reply) => syn::parse2(reply.clone()).ok(),
            Sort::Cast => None,
        };
        let args = self.method.args.iter().map(|(_, ty)| ty.clone());
        let mine = types::parameter_names(&protocol.generics);
        args.chain(reply)
            .filter(|ty| !types::is_everyday(ty, &protocol.generics))
            .filter(|ty| !tokens::mention_any(ty.to_token_stream(), &mine))
            .collect()
    }

    /// A type that cannot travel is an error at this type.
    pub(super) fn checks(&self, protocol: &Protocol) -> TokenStream {
        let Self { krate, cfg, .. } = self;
        let types = self.traveling(protocol);
        quote! {
            #(
                #cfg
                const _: fn() = <#types as #krate::__private::MessagePart>::travels;
            )*
        }
    }

    /// What takes a type for granted that `checks` has looked at. There is no `#[cfg]` on a predicate.
    pub(super) fn granted(&self, protocol: &Protocol) -> TokenStream {
        if self.method.is_conditional() {
            return TokenStream::new();
        }
        let granted = self.traveling(protocol);
        quote!(#(#granted: for<'__any> ::core::marker::Send,)*)
    }

    pub(super) fn speaker(&self, server: &Ident) -> TokenStream {
        let Self {
            cfg,
            name,
            names,
            types,
            kind,
            returns,
            ..
        } = self;
        let handles = self.handles();
        quote! {
            #cfg
            fn #name(&self, #(#names: #types),*) -> #returns {
                <#server as #handles>::#kind(&self.0, (#(#names,)*))
            }
        }
    }

    pub(super) fn stand_in(&self, protocol: &Ident, ty_generics: &TokenStream) -> TokenStream {
        let Self {
            krate,
            cfg,
            name,
            names,
            types,
            kind,
            returns,
            ..
        } = self;
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

fn is_unit(reply: &TokenStream) -> bool {
    syn::parse2(reply.clone())
        .is_ok_and(|ty| matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty()))
}
