//! An impl block: from tokens to its header and methods, each signature read, each body kept as one token.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Generics, Signature, Token, Type, Visibility, braced, token};

use crate::genserver::keyword;
use crate::head::{self, Refused};
use crate::naming;
use crate::tokens::{self, between};

/// An inherent impl block.
pub(crate) struct ServerImpl {
    pub(crate) attributes: Vec<Attribute>,
    /// `impl`, as written.
    pub(crate) begin: TokenStream,
    pub(crate) generics: Generics,
    /// From the parameters to the brace, as written.
    pub(crate) rest: TokenStream,
    pub(crate) self_ty: Type,
    /// `#![..]` inside the braces.
    pub(crate) inner: Vec<Attribute>,
    pub(crate) items: Vec<Item>,
}

/// Those of an item.
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) all: Vec<Attribute>,
    /// One of them is a keyword, and is read as what was meant by it.
    pub(crate) by_keyword: bool,
}

/// Something in the braces of an impl block.
pub(crate) enum Item {
    Method(Box<Method>),
    /// A constant, a macro call, or what could not be read: passed through.
    Other(Attributes, TokenStream),
    /// What rustc has refused already.
    Lost,
}

/// A method: its signature is read, its body is not.
pub(crate) struct Method {
    pub(crate) attributes: Attributes,
    pub(crate) vis: Visibility,
    pub(crate) signature: Signature,
    /// Everything after the attributes, as written.
    pub(crate) tokens: TokenStream,
}

/// Why an item is not for `#[genserver]`.
pub(crate) enum NotAnImpl {
    /// `impl Trait for Type`; the tokens are the trait's.
    OfTrait(TokenStream),
    /// Anything else.
    Other,
}

impl ServerImpl {
    /// Reads the block; `Err` in the `Ok` for an item that is something else.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Result<Self, NotAnImpl>> {
        let attributes = input.call(Attribute::parse_outer)?;
        let begin = input.cursor();
        // rustc says that a visibility is too much.
        input.parse::<Visibility>()?;
        let is_impl =
            input.peek(Token![impl]) || (input.peek(Token![unsafe]) && input.peek2(Token![impl]));
        if !is_impl {
            tokens::drain(input);
            return Ok(Err(NotAnImpl::Other));
        }
        input.parse::<Option<Token![unsafe]>>()?;
        input.parse::<Token![impl]>()?;
        let begin = between(begin, input.cursor());
        let has_generics = input.peek(Token![<]) && !input.peek2(Token![<]);
        let mut generics: Generics = if has_generics {
            naming::plainly(input.parse()?)
        } else {
            Generics::default()
        };
        let after = input.cursor();
        let self_ty: Type = naming::plainly(input.parse()?);
        if input.peek(Token![for]) {
            tokens::drain(input);
            return Ok(Err(NotAnImpl::OfTrait(self_ty.into_token_stream())));
        }
        generics.where_clause = naming::plainly(input.parse()?);
        let rest = between(after, input.cursor());
        let body;
        braced!(body in input);
        let inner = body.call(Attribute::parse_inner)?;
        let mut items = Vec::new();
        while !body.is_empty() {
            items.push(body.parse()?);
        }
        Ok(Ok(Self {
            attributes,
            begin,
            generics,
            rest,
            self_ty,
            inner,
            items,
        }))
    }
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if let Some(item) = handed_over(input) {
            return Self::parse.parse2(item);
        }
        let attributes = outer_attributes(input)?;
        if let Some(item) = handed_over(input) {
            return Self::parse.parse2(item).map(|item| item.under(attributes));
        }
        let ahead = input.fork();
        if let Ok((vis, signature, tokens)) = read_method(&ahead) {
            input.advance_to(&ahead);
            return Ok(Self::Method(Box::new(Method {
                attributes,
                vis,
                signature: naming::plainly(signature),
                tokens,
            })));
        }
        let item = other_item(input);
        let is_init = |attribute: &Attribute| attribute.path().is_ident("init");
        let arguments = if attributes.all.iter().any(is_init) {
            quote!(())
        } else {
            quote!((&mut self))
        };
        match head::refused(&item, &arguments) {
            // Only once, whatever is wrong with it besides.
            Some(Refused::Mended(mended)) => match read_method.parse2(mended) {
                Ok((vis, signature, tokens)) => Ok(Self::Method(Box::new(Method {
                    attributes,
                    vis,
                    signature: naming::plainly(signature),
                    tokens,
                }))),
                Err(_) => Ok(Self::Other(attributes, item)),
            },
            Some(Refused::Lost) => Ok(Self::Lost),
            None => Ok(Self::Other(attributes, item)),
        }
    }
}

impl Item {
    /// The same with these attributes before its own.
    fn under(mut self, mut attributes: Attributes) -> Self {
        let own = match &mut self {
            Self::Method(method) => &mut method.attributes,
            Self::Other(own, _) => own,
            Self::Lost => return self,
        };
        attributes.all.append(&mut own.all);
        attributes.by_keyword |= own.by_keyword;
        *own = attributes;
        self
    }
}

/// A whole item in the invisible group that a `macro_rules!` puts around `$item`. What is in those around `$vis` and `$ty` ends with neither
/// a body nor a semicolon.
fn handed_over(input: ParseStream<'_>) -> Option<TokenStream> {
    input
        .step(|cursor| {
            let group = cursor.group(Delimiter::None);
            let item = group.map(|(inside, _, rest)| (inside.token_stream(), rest));
            item.filter(|(item, _)| {
                item.clone()
                    .into_iter()
                    .last()
                    .is_some_and(|last| ends_an_item(&last))
            })
            .ok_or_else(|| cursor.error("no item"))
        })
        .ok()
}

fn ends_an_item(last: &TokenTree) -> bool {
    match last {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let inside = group.stream().into_iter().last();
            inside.is_some_and(|last| ends_an_item(&last))
        }
        last => is_body(last),
    }
}

/// The attributes of an item.
fn outer_attributes(input: ParseStream<'_>) -> syn::Result<Attributes> {
    let mut attributes = Attributes::default();
    while input.peek(Token![#]) && input.peek2(token::Bracket) {
        let hash: TokenTree = input.parse()?;
        let group: Group = input.parse()?;
        let by_keyword = keyword::as_attribute(&group);
        attributes.by_keyword |= by_keyword.is_some();
        let named = by_keyword.unwrap_or_else(|| group.into());
        let attribute = TokenStream::from_iter([hash, named]);
        let read = Attribute::parse_outer.parse2(attribute)?;
        attributes.all.extend(read);
    }
    Ok(attributes)
}

/// A method behind its attributes, and all of it as it was written. Of one without a body rustc says so, and it is called all the same.
fn read_method(input: ParseStream<'_>) -> syn::Result<(Visibility, Signature, TokenStream)> {
    let begin = input.cursor();
    let (vis, signature) = (input.parse()?, input.parse()?);
    let body: TokenTree = input.parse()?;
    let is_missing = matches!(&body, TokenTree::Punct(punct) if punct.as_char() == ';');
    if !is_body(&body) && !is_missing {
        return Err(input.error("expected a body"));
    }
    Ok((vis, signature, between(begin, input.cursor())))
}

/// Braces, also as a `$body` of a `macro_rules!`.
fn is_body(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else {
        return false;
    };
    let mut inside = group.stream().into_iter();
    match (group.delimiter(), inside.next(), inside.next()) {
        (Delimiter::Brace, ..) => true,
        (Delimiter::None, Some(only), None) => is_body(&only),
        _ => false,
    }
}

/// Up to a semicolon, or for anything but a constant or a type, up to a brace.
fn other_item(input: ParseStream<'_>) -> TokenStream {
    let ahead = input.fork();
    let _ = ahead.parse::<Visibility>();
    let until_semicolon = ahead.peek(Token![const]) || ahead.peek(Token![type]);
    let mut tokens = TokenStream::new();
    while let Ok(token) = input.parse::<TokenTree>() {
        let semicolon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
        let ends = semicolon || (!until_semicolon && is_body(&token));
        tokens.extend([token]);
        if ends {
            break;
        }
    }
    tokens
}
