//! An entry of `children`: from its tokens to the model.

use proc_macro2::{Group, Ident};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, Attribute, Expr, PathArguments, PathSegment, Token, Type,
    TypePath, token,
};

use crate::carry::Carried;
use crate::diag::{Errors, error};
use crate::entries::{self, Entry, put};
use crate::naming;
use crate::supervisor::model::{Args, Child};
use crate::supervisor::parse::{each, value};
use crate::tokens::until_comma;
use crate::types;
use crate::values::{self, Shutdown};

/// `Counter(1_000) as high { restart: transient }`; `None` for one that has to wait for a later release.
pub(crate) fn child(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Child>> {
    let attributes = input.call(Attribute::parse_outer)?;
    if let Some(later) = later_child(input) {
        let help = "it arrives in a later release; write a child as `MyServer(arguments) as name { options }`";
        return Err(error(
            later.span(),
            format!("`{later}` children are not there yet"),
            help,
        ));
    }
    let ty = child_type(input)?;
    let mut args = Args::None;
    if input.peek(token::Paren) {
        let group: Group = input.parse()?;
        args = match Punctuated::<Expr, Token![,]>::parse_terminated.parse2(group.stream()) {
            Ok(expressions) => Args::Some(expressions.into_iter().collect(), group.span()),
            Err(_) => Args::Partial(group),
        };
    }
    let last = match types::ungroup(&ty) {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.clone()),
        _ => None,
    };
    let is_function = last
        .as_ref()
        .is_some_and(|last| last.to_string().starts_with(|c: char| c.is_lowercase()));
    if is_function
        && matches!(types::ungroup(&ty), Type::Path(path) if path.path.segments.len() > 1)
    {
        until_comma(input);
        let help = "children made by a function arrive in a later release; write the server's type, `MyServer(arguments)`";
        errors.at(&ty, "a child is a type", help);
        return Ok(None);
    }
    let id = if input.peek(Token![as]) {
        input.parse::<Token![as]>()?;
        let Ok(id) = input.parse::<Ident>() else {
            return Err(error(
                input.span(),
                "expected the child's name",
                "write `as my_name`",
            ));
        };
        id
    } else {
        let text = last.as_ref().map(naming::snake).unwrap_or_default();
        match last
            .as_ref()
            .and_then(|last| naming::ident(&text, last.span()))
        {
            Some(id) => id,
            None => {
                return Err(syn::Error::new_spanned(
                    &ty,
                    "this child needs a name\nhelp: write `.. as my_name`",
                ));
            }
        }
    };
    let mut child = Child {
        carried: Carried::from_attributes(&attributes),
        ty,
        args,
        id,
        restart: None,
        shutdown: None,
    };
    if input.peek(token::Brace) {
        let options;
        syn::braced!(options in input);
        let mut seen = Vec::new();
        each(&options, errors, |entry, errors| {
            option(entry, &mut child, &mut seen, errors)
        });
    }
    Ok(Some(child))
}

/// The options of a child.
const OPTIONS: &[Entry<Child>] = &[
    Entry::value("restart", "transient", |child, input, _| {
        put(&mut child.restart, values::restart(input))
    }),
    Entry::value("shutdown", "10s", |child, input, _| {
        put(&mut child.shutdown, Shutdown::parse(input))
    }),
    Entry::later(
        "significant",
        "it arrives in a later release, with `auto_shutdown`; remove it",
    ),
];

fn option(
    input: ParseStream<'_>,
    child: &mut Child,
    seen: &mut Vec<Ident>,
    errors: &mut Errors,
) -> syn::Result<()> {
    let word = input.call(Ident::parse_any)?;
    let entry = entries::find(OPTIONS, &word, "option")?;
    entries::once(seen, &word)?;
    value(entry, child, &word, input, errors)
}

/// `dynamic x: T`, `partition x: T` or `supervisor X { .. }`.
fn later_child(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let word = ahead.call(Ident::parse_any).ok()?;
    (["dynamic", "partition", "supervisor"]
        .iter()
        .any(|later| word == later)
        && ahead.peek(syn::Ident))
    .then_some(word)
}

/// A path without the `Fn(A) -> B` form, since parentheses are the child's arguments; or a `$ty`.
fn child_type(input: ParseStream<'_>) -> syn::Result<Type> {
    if input.peek(token::Group) {
        return input.parse();
    }
    let mut path = syn::Path {
        leading_colon: input.parse()?,
        segments: Punctuated::new(),
    };
    loop {
        let Ok(ident) = input.call(Ident::parse_any) else {
            let found = input.span();
            return Err(error(
                found,
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
