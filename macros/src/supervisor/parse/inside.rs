//! A supervisor inside of another one, as an entry of its `children`: from its tokens to the model.

use proc_macro2::{Group, Ident, TokenTree};
use quote::format_ident;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Generics, Token, Type, token};

use crate::code;
use crate::diag::{Errors, error};
use crate::entries;
use crate::naming;
use crate::supervisor::model::{Fields, Form, Options, Partition, Supervisor};
use crate::supervisor::parse::child::{args, renamed};
use crate::supervisor::parse::child_options::{OPTIONS, braces, option};
use crate::supervisor::parse::child_type::child_type;
use crate::supervisor::parse::kind::KEYWORDS;
use crate::supervisor::parse::{entry_under, header};
use crate::tokens::text;
use crate::words;

/// `supervisor Storage { strategy: one_for_all, children: [Disk] }`
pub(crate) fn fixed(
    input: ParseStream<'_>,
    attributes: &[Attribute],
    outer: &Supervisor,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<(Form, Ident)> {
    input.call(Ident::parse_any)?;
    let ident: Ident = input.parse()?;
    let mut inner = empty(outer, attributes, ident);
    header(input, &mut inner, errors)?;
    if let Some((param, _)) = inner.params.first() {
        errors.at(
            code::ARGUMENTS_INSIDE,
            param,
            "a supervisor inside of another takes no arguments",
            "its children may use the parameters of the outer one; remove it",
        );
    }
    let id = match renamed(input, errors)? {
        Some(id) => id,
        None => {
            let id = naming::ident(&naming::snake(&inner.ident), inner.ident.span());
            id.ok_or_else(|| {
                error(
                    code::CHILD_NAME,
                    inner.ident.span(),
                    "this child needs a name",
                    "write `.. as my_name`",
                )
            })?
        }
    };
    if !input.peek(token::Brace) {
        return Err(error(
            code::DECLARATION,
            input.span(),
            "expected the supervisor's strategy and children in braces",
            "write `supervisor Storage { strategy: one_for_one, children: [MyServer] }`",
        ));
    }
    fields(input, &mut inner, options, errors)?;
    Ok((Form::Inline(Box::new(inner)), id))
}

/// `dynamic rooms: Room { max_children: 10 }`, of the type `AppRooms`.
pub(crate) fn dynamic(
    input: ParseStream<'_>,
    attributes: &[Attribute],
    outer: &Supervisor,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<(Form, Ident)> {
    let own = "each child gets its own from `start_child`; remove it";
    let (mut inner, id) = named_first(input, attributes, outer, own, errors)?;
    inner.fields.dynamic = Some(dynamic_types(input, errors, child_type)?);
    fields(input, &mut inner, options, errors)?;
    Ok((Form::Inline(Box::new(inner)), id))
}

/// `[Room, Game]`, as the children of another supervisor are written: an error, and they are taken for `Room | Game`.
fn listed_types(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Type>> {
    let list: Group = input.parse()?;
    let types = Punctuated::<Type, Token![,]>::parse_terminated;
    let types: Vec<_> = types.parse2(list.stream())?.into_iter().collect();
    let kinds: Vec<_> = types.iter().map(text).collect();
    let kinds = match &*kinds {
        [] => "MyServer".to_owned(),
        _ => kinds.join(" | "),
    };
    errors.at(
        code::DYNAMIC_TYPES,
        list,
        "what can be started on demand is no list",
        format!("write `{kinds}` here"),
    );
    Ok(types)
}

/// `Room | Game`. Their arguments have no place here: the children get them when they are started.
pub(crate) fn dynamic_types(
    input: ParseStream<'_>,
    errors: &mut Errors,
    other: fn(ParseStream<'_>) -> syn::Result<Type>,
) -> syn::Result<Vec<Type>> {
    if input.peek(token::Bracket) {
        return listed_types(input, errors);
    }
    let mut types = Vec::new();
    loop {
        let ahead = input.fork();
        if child_type(&ahead).is_ok() && ahead.peek(token::Paren) {
            let ty = child_type(input)?;
            let arguments: TokenTree = input.parse()?;
            errors.at(
                code::DYNAMIC_TYPES,
                arguments,
                "a dynamic child is given its arguments when it is started",
                format!(
                    "write `{}` here, and the arguments in `start_child(..)`",
                    text(&ty)
                ),
            );
            types.push(ty);
        } else {
            types.push(other(input)?);
        }
        if input.parse::<Option<Token![|]>>()?.is_none() {
            return Ok(types);
        }
    }
}

/// `partition pool: Worker(url) { partitions: 4 }`, of the type `AppPool`.
pub(crate) fn partition(
    input: ParseStream<'_>,
    attributes: &[Attribute],
    outer: &Supervisor,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<(Form, Ident)> {
    let outers = "its partitions may use the parameters of the outer one; remove it";
    let (mut inner, id) = named_first(input, attributes, outer, outers, errors)?;
    inner.fields.partition = Some(partitioned(input)?);
    fields(input, &mut inner, options, errors)?;
    Ok((Form::Inline(Box::new(inner)), id))
}

/// `dynamic rooms(name = "rooms"):`, from which its type has its name. `help` says what it has in place of arguments.
fn named_first(
    input: ParseStream<'_>,
    attributes: &[Attribute],
    outer: &Supervisor,
    help: &str,
    errors: &mut Errors,
) -> syn::Result<(Supervisor, Ident)> {
    let mut word = input.call(Ident::parse_any)?;
    if let Some(meant) = words::closest(&word.to_string(), KEYWORDS) {
        word = Ident::new(meant, word.span());
    }
    let id: Ident = input.parse()?;
    if id.to_string().starts_with(char::is_uppercase) && !input.peek(Token![:]) {
        return Err(error(
            code::CHILD_NAME,
            id.span(),
            "this child needs a name",
            format!("write `{word} my_name: {id}`"),
        ));
    }
    let named = naming::pascal(&id).unwrap_or_else(|| id.unraw().to_string());
    let ident = format_ident!("{}{named}", outer.ident, span = id.span());
    let mut inner = empty(outer, attributes, ident);
    header(input, &mut inner, errors)?;
    if let Some((param, _)) = inner.params.first() {
        let what = format!("a {word} supervisor takes no arguments");
        errors.at(code::ARGUMENTS_INSIDE, param, what, help);
    }
    inner.params.clear();
    if input.parse::<Option<Token![:]>>()?.is_none() {
        let children = if word == "dynamic" {
            "children"
        } else {
            "partitions"
        };
        return Err(error(
            code::NAMED_CHILD,
            input.span(),
            format!("expected `:` and the type of its {children}"),
            format!("write `{word} {id}: MyServer`"),
        ));
    }
    inner.fields.words.push(word);
    Ok((inner, id))
}

/// `|n| Worker(url, n)`: what each partition is, perhaps by its number.
pub(crate) fn partitioned(input: ParseStream<'_>) -> syn::Result<Partition> {
    let number = if input.peek(Token![||]) {
        return Err(no_number(input));
    } else if input.parse::<Option<Token![|]>>()?.is_some() {
        let number = if input.parse::<Option<Token![_]>>()?.is_some() {
            None
        } else {
            Some(input.parse().map_err(|_| no_number(input))?)
        };
        if input.parse::<Option<Token![|]>>()?.is_none() {
            return Err(no_number(input));
        }
        number
    } else {
        None
    };
    Ok(Partition {
        number,
        ty: child_type(input)?,
        args: args(input)?,
    })
}

fn no_number(input: ParseStream<'_>) -> syn::Error {
    error(
        code::PARTITION_NUMBER,
        input.span(),
        "expected a name for the partition's number",
        "write `|n| MyServer(n)`, or leave out the bars",
    )
}

/// A supervisor inside of another one, still empty.
pub(super) fn empty(outer: &Supervisor, attributes: &[Attribute], ident: Ident) -> Supervisor {
    Supervisor {
        krate: outer.krate.clone(),
        attributes: attributes.to_vec(),
        vis: outer.vis.clone(),
        ident,
        generics: Generics::default(),
        params: Vec::new(),
        conditional: Vec::new(),
        name: None,
        fields: Fields::default(),
        conditional_errors: Vec::new(),
        assumed: outer.assumed.clone(),
        conditions: Vec::new(),
    }
}

/// What stands in the braces of a supervisor inside of another: its own entries, and its options as a child.
fn fields(
    input: ParseStream<'_>,
    inner: &mut Supervisor,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<()> {
    let cut_off = braces(input, errors, |entry, errors, seen| {
        let attributes = entry.fork().call(Attribute::parse_outer)?;
        let ahead = entry.fork();
        ahead.call(Attribute::parse_outer)?;
        let word = ahead.call(Ident::parse_any)?;
        if OPTIONS.iter().any(|option| word == option.word) {
            option(entry, options, seen, errors)
        } else {
            entry.call(Attribute::parse_outer)?;
            entry_under(entry, &attributes, inner, &entries::words(OPTIONS), errors)
        }
    })?;
    inner.fields.unclear |= cut_off;
    Ok(())
}
