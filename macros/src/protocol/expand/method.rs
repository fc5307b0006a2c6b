//! What is made of one method of a protocol.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Meta, Type};

use crate::naming::{self, Fresh};
use crate::protocol::model::{Method, Protocol, Sort};
use crate::tokens;
use crate::types::{self, Parameters};

/// What is made of one method.
pub(super) struct Part<'a> {
    krate: &'a TokenStream,
    method: &'a Method,
    cfg: TokenStream,
    name: Ident,
    names: Vec<Ident>,
    types: Vec<TokenStream>,
    /// In the hidden trait.
    pub(super) declared: TokenStream,
    pub(super) client: TokenStream,
    /// The trait of the servers that have the handler.
    pub(super) of: Ident,
}

impl<'a> Part<'a> {
    pub(super) fn new(protocol: &'a Protocol, method: &'a Method, fresh: &mut Fresh) -> Self {
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
    pub(super) fn needs(
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
        let label = format!(
            "the server says so, and does not speak `{}`",
            protocol.ident
        );
        let note = format!(
            "help: give the server a handler with this name, these types of arguments, and this reply: `#[{sort}] {}`",
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
        let checks = self.traveling(protocol).into_iter().map(|ty| {
            let part = tokens::ours(ty.to_token_stream());
            let check = quote_spanned!(types::span(&ty)=> __private::require_message_part::<#part>);
            quote! {
                #cfg
                const _: fn() = #krate::#check;
            }
        });
        quote!(#(#checks)*)
    }

    /// What takes a type for granted that `checks` has looked at. There is no `#[cfg]` on a predicate.
    pub(super) fn granted(&self, protocol: &Protocol) -> TokenStream {
        if !self.method.carried.cfgs.is_empty() {
            return TokenStream::new();
        }
        let granted = self
            .traveling(protocol)
            .into_iter()
            .map(|ty| tokens::ours(ty.to_token_stream()));
        quote!(#(for<'__any> #granted: ::core::marker::Send,)*)
    }

    pub(super) fn speaker(&self, server: &Ident) -> TokenStream {
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

    pub(super) fn stand_in(&self, protocol: &Ident, ty_generics: &TokenStream) -> TokenStream {
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
