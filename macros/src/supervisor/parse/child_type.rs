//! The type of a child, with which it begins: `cache::Cache<u8>`.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, ExprPath, PathArguments, PathSegment, Token, Type, TypePath,
    token,
};

use crate::code;
use crate::diag::{error, error_at};
use crate::naming;
use crate::types;

/// Whether a type stands here, and not an expression: a path whose last word is not that of a function or variable, or a `$ty`.
pub(super) fn is_type(input: ParseStream<'_>) -> bool {
    if input.peek(token::Group) {
        return input.fork().parse::<Type>().is_ok();
    }
    let ahead = input.fork();
    match child_type(&ahead) {
        Ok(Type::Path(path)) => path.path.segments.last().is_some_and(|last| {
            let is_function = |c: char| c.is_lowercase();
            let lone = path.path.segments.len() == 1 && !ahead.peek(token::Paren);
            let text = last.ident.unraw().to_string();
            // `specs[0]`, `SPECS[0]`
            let is_capital =
                text.starts_with(char::is_uppercase) && text.contains(char::is_lowercase);
            let is_of_a_list = ahead.peek(token::Bracket) && !is_capital && text.len() > 1;
            (lone || !text.starts_with(is_function))
                && !is_of_a_list
                && !ahead.peek(Token![.])
                && !ahead.peek(Token![!])
        }),
        _ => false,
    }
}

/// The name that a child has by its type.
pub(super) fn named_by(ty: &Type) -> syn::Result<Ident> {
    let last = match types::ungroup(ty) {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.clone()),
        _ => None,
    };
    let text = last.as_ref().map(naming::snake).unwrap_or_default();
    let id = last.and_then(|last| naming::ident(&text, last.span()));
    id.ok_or_else(|| {
        error_at(
            code::CHILD_NAME,
            ty,
            "this child needs a name",
            "write `.. as my_name`",
        )
    })
}

/// Whether the word is one that may stand in a path. (`_` and keywords are words of ours to say something about.)
fn may_be_in_path(ident: &Ident) -> bool {
    let of_paths = ["self", "Self", "super", "crate"]
        .iter()
        .any(|word| ident == word);
    of_paths || syn::parse_str::<Ident>(&ident.to_string()).is_ok()
}

/// A path without the `Fn(A) -> B` form, since parentheses are the child's arguments; or a `$ty`.
pub(crate) fn child_type(input: ParseStream<'_>) -> syn::Result<Type> {
    if input.peek(token::Group) {
        return input.parse();
    }
    if input.peek(Token![<]) {
        let ExprPath { qself, path, .. } = input.parse()?;
        let attrs = Vec::new();
        return Ok(Type::Path(TypePath { attrs, qself, path }));
    }
    let mut path = syn::Path {
        leading_colon: input.parse()?,
        segments: Punctuated::new(),
    };
    loop {
        let span = input.span();
        let ident = input.call(Ident::parse_any).ok();
        let Some(ident) = ident.filter(may_be_in_path) else {
            return Err(error(
                code::CHILD,
                span,
                "expected a child",
                "write `MyServer`, `MyServer(arguments)` or `MyServer as name`",
            ));
        };
        let mut segment = PathSegment::from(ident);
        if input.peek(Token![<]) || (input.peek(Token![::]) && input.peek3(Token![<])) {
            segment.arguments =
                PathArguments::AngleBracketed(input.parse::<AngleBracketedGenericArguments>()?);
        }
        path.segments.push_value(segment);
        if !input.peek(Token![::]) {
            return Ok(Type::Path(TypePath {
                attrs: Vec::new(),
                qself: None,
                path,
            }));
        }
        path.segments.push_punct(input.parse()?);
    }
}
