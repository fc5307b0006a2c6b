//! What a handler's attributes mean for the items generated from it.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
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
    /// What each of them asks for.
    conditions: Vec<TokenStream>,
    /// `#[deprecated]`, `#[must_use]`, and `#[allow]`, for the client method.
    pub(crate) marks: Vec<TokenStream>,
    /// The `#[allow]`s alone, and the `#[expect]`s as such, for everything else.
    pub(crate) allows: Vec<TokenStream>,
}

impl Carried {
    pub(crate) fn from_attributes(attributes: &[Attribute]) -> Self {
        let mut carried = Self::default();
        for attribute in attributes {
            carried.sort(&attribute.meta, &[]);
        }
        carried
    }

    /// `#[cfg]`s as tokens to put before an item, a variant or an arm.
    pub(crate) fn cfg(&self) -> TokenStream {
        self.cfgs.iter().cloned().collect()
    }

    /// What the `#[cfg]`s ask for, as one condition.
    pub(crate) fn condition(&self) -> TokenStream {
        match &*self.conditions {
            [only] => only.clone(),
            conditions => quote!(all(#(#conditions),*)),
        }
    }

    /// Asks for this, too.
    pub(crate) fn also_if(&mut self, condition: TokenStream) {
        self.cfgs.push(quote!(#[cfg(#condition)]));
        self.conditions.push(condition);
    }

    /// Whether both may be there: not where one asks for the contrary of the other.
    pub(crate) fn may_be_beside(&self, other: &Self) -> bool {
        let (one, other) = (self.condition(), other.condition());
        let is_not = |one: &TokenStream, other: &TokenStream| {
            quote!(not(#one)).to_string() == other.to_string()
        };
        !is_not(&one, &other) && !is_not(&other, &one)
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
        tokens::mention(self.marks(), &deprecated)
    }

    /// `under`: the conditions of the `cfg_attr`s around it, from the outside.
    fn sort(&mut self, meta: &Meta, under: &[TokenStream]) {
        let Some(word) = meta.path().get_ident() else {
            return;
        };
        let wrap = |meta: TokenStream| {
            let inside_out = under.iter().rev();
            let meta = inside_out.fold(meta, |meta, condition| quote!(cfg_attr(#condition, #meta)));
            quote!(#[#meta])
        };
        match word.to_string().as_str() {
            "doc" => self.docs.push(wrap(meta.to_token_stream())),
            "cfg" => {
                self.cfgs.push(wrap(meta.to_token_stream()));
                self.conditions.push(asked_for(meta, under));
            }
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
                    let under = [under, &[condition]].concat();
                    for meta in &metas {
                        self.sort(meta, &under);
                    }
                }
            }
            _ => {}
        }
    }
}

/// `unix`, of `cfg(unix)`; where it stands inside of `cfg_attr`s, only if all of theirs hold.
fn asked_for(cfg: &Meta, under: &[TokenStream]) -> TokenStream {
    let condition = match cfg {
        Meta::List(list) => Parser::parse2(
            |input: ParseStream<'_>| {
                let condition = tokens::until_comma(input);
                tokens::drain(input);
                Ok(condition)
            },
            list.tokens.clone(),
        ),
        Meta::Path(_) | Meta::NameValue(_) => Ok(TokenStream::new()),
    };
    let condition = condition.unwrap_or_default();
    if under.is_empty() {
        condition
    } else {
        quote!(any(#(not(#under),)* #condition))
    }
}

/// The condition of a `cfg_attr`, and the attributes it may add.
pub(crate) fn split_cfg_attr(meta: &Meta) -> Option<(TokenStream, Vec<Meta>)> {
    let Meta::List(list) = meta else { return None };
    let parser = |input: ParseStream<'_>| {
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
