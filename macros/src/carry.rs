//! What a handler's attributes mean for the items generated from it.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

use crate::tokens;

/// The attributes of a handler, or of a child, that are carried over.
#[derive(Clone, Default)]
pub(crate) struct Carried {
    /// `#[doc = ..]`, for the client method.
    pub(crate) docs: Vec<TokenStream>,
    /// `#[cfg(..)]`, also inside `cfg_attr`, for everything made of the handler.
    pub(crate) cfgs: Vec<TokenStream>,
    /// `#[deprecated]`, `#[must_use]`, and `#[allow]`, for the client method.
    pub(crate) marks: Vec<TokenStream>,
    /// The `#[allow]`s alone, and the `#[expect]`s as such, for everything else.
    pub(crate) allows: Vec<TokenStream>,
}

impl Carried {
    pub(crate) fn from_attributes(attributes: &[Attribute]) -> Self {
        let mut carried = Self::default();
        for attribute in attributes {
            carried.sort(&attribute.meta, &|meta| quote!(#[#meta]));
        }
        carried
    }

    /// `#[cfg]`s as tokens to put before an item, a variant or an arm.
    pub(crate) fn cfg(&self) -> TokenStream {
        self.cfgs.iter().cloned().collect()
    }

    /// The docs, or this line where there are none.
    pub(crate) fn docs_or(&self, default: &str) -> TokenStream {
        if self.docs.is_empty() {
            quote!(#[doc = #default])
        } else {
            self.docs.iter().cloned().collect()
        }
    }

    /// `#[deprecated]`, `#[must_use]` and `#[allow]` as tokens to put before a method.
    pub(crate) fn marks(&self) -> TokenStream {
        self.marks.iter().cloned().collect()
    }

    fn allow(&mut self, attribute: TokenStream) {
        self.marks.push(attribute.clone());
        self.allows.push(attribute);
    }

    /// Whether it is deprecated, perhaps under a condition only.
    pub(crate) fn is_deprecated(&self) -> bool {
        let deprecated = Ident::new("deprecated", Span::call_site());
        tokens::mention_any(self.marks(), &std::iter::once(&deprecated))
    }

    fn sort(&mut self, meta: &Meta, wrap: &dyn Fn(TokenStream) -> TokenStream) {
        let Some(word) = meta.path().get_ident() else {
            return;
        };
        match word.to_string().as_str() {
            "doc" => self.docs.push(wrap(meta.to_token_stream())),
            "cfg" => self.cfgs.push(wrap(meta.to_token_stream())),
            "deprecated" | "must_use" => self.marks.push(wrap(meta.to_token_stream())),
            "allow" => self.allow(wrap(meta.to_token_stream())),
            // An expectation belongs to the handler: the client method may well not fulfil it.
            "expect" => {
                if let Meta::List(list) = meta {
                    let lints = &list.tokens;
                    self.allow(wrap(quote!(allow(#lints))));
                }
            }
            "cfg_attr" => {
                if let Some((condition, metas)) = split_cfg_attr(meta) {
                    for meta in &metas {
                        self.sort(meta, &|meta| wrap(quote!(cfg_attr(#condition, #meta))));
                    }
                }
            }
            _ => {}
        }
    }
}

/// The condition of a `cfg_attr`, and the attributes it may add.
pub(crate) fn split_cfg_attr(meta: &Meta) -> Option<(TokenStream, Vec<Meta>)> {
    let Meta::List(list) = meta else { return None };
    let parser = |input: syn::parse::ParseStream<'_>| {
        let condition = tokens::until_comma(input);
        if input.is_empty() {
            return Ok((condition, Vec::new()));
        }
        input.parse::<Token![,]>()?;
        let metas = match Punctuated::<Meta, Token![,]>::parse_terminated(input) {
            Ok(metas) => metas.into_iter().collect(),
            Err(_) => {
                while input.parse::<TokenTree>().is_ok() {}
                Vec::new()
            }
        };
        Ok((condition, metas))
    };
    parser.parse2(list.tokens.clone()).ok()
}
