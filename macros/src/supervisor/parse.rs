//! From the tokens of `supervisor!` to the model, entry by entry: one that cannot be read is reported and left out.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{AngleBracketedGenericArguments, Attribute, Expr, PathArguments, PathSegment, Token, Type, TypePath, token};

use crate::carry::Carried;
use crate::diag::{Errors, error};
use crate::naming;
use crate::supervisor::model::{Args, Child, Fields, Supervisor};
use crate::tokens::until_comma;
use crate::values::{self, Shutdown};
use crate::{types, words};

const GRAMMAR: &str = "write `supervisor! { App { strategy: one_for_one, children: [MyServer] } }`";

/// `[crate path] /// docs  pub App(config: Config, name = "app") { fields }`; `None` if there is not even a name.
pub(crate) fn parse(input: TokenStream, errors: &mut Errors) -> Option<Supervisor> {
    let parser = |input: ParseStream<'_>| {
        let supervisor = supervisor(input, errors);
        until_end(input);
        supervisor
    };
    let result = parser.parse2(input);
    errors.take(result)
}

fn supervisor(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Supervisor> {
    let krate;
    syn::bracketed!(krate in input);
    let krate: TokenStream = krate.parse()?;
    let attributes = input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    let Ok(ident) = input.parse::<Ident>() else { return Err(error(input.span(), "expected the supervisor's name", GRAMMAR)) };
    let mut supervisor = Supervisor {
        krate,
        attributes,
        vis,
        params: Vec::new(),
        name: None,
        fields: Fields::default(),
        ident,
    };
    if input.peek(token::Paren) {
        let header;
        syn::parenthesized!(header in input);
        entries(&header, errors, |entry, _| parameter(entry, &mut supervisor));
    }
    if !input.peek(token::Brace) {
        let found = if input.is_empty() { supervisor.ident.span() } else { input.span() };
        return Err(error(found, "expected the supervisor's strategy and children in braces", GRAMMAR));
    }
    let body;
    syn::braced!(body in input);
    entries(&body, errors, |entry, errors| field(entry, &mut supervisor.fields, errors));
    if !input.is_empty() {
        let rest: TokenStream = input.parse()?;
        errors.at(rest, "unexpected after the braces", "a `supervisor!` declares one supervisor; write another one");
    }
    Ok(supervisor)
}

/// Reads entries up to the end, each to its comma, whatever is wrong with it.
fn entries(
    input: ParseStream<'_>,
    errors: &mut Errors,
    mut read: impl FnMut(ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    while !input.is_empty() {
        let result = read(input, errors);
        let read = errors.take(result).is_some();
        let rest = until_comma(input);
        if read && !rest.is_empty() {
            errors.at(rest, "unexpected here", "entries are separated by commas");
        }
        let _ = input.parse::<Token![,]>();
    }
}

/// `config: Config`, or `name = "app"`.
fn parameter(input: ParseStream<'_>, supervisor: &mut Supervisor) -> syn::Result<()> {
    let word = input.parse::<Ident>()?;
    if input.peek(Token![=]) && !input.peek(Token![==]) {
        input.parse::<Token![=]>()?;
        if word != "name" {
            let help = format!("write `{word}: Type` for an argument, `name = \"..\"` for the supervisor's name");
            return Err(error(word.span(), format!("unknown option `{word}`"), help));
        }
        if supervisor.name.is_some() {
            return Err(error(word.span(), "`name` is given twice", "remove one of the two"));
        }
        supervisor.name = Some(input.parse()?);
        return Ok(());
    }
    input.parse::<Token![:]>()?;
    supervisor.params.push((word, input.parse()?));
    Ok(())
}

fn field(input: ParseStream<'_>, fields: &mut Fields, errors: &mut Errors) -> syn::Result<()> {
    let word = input.call(Ident::parse_any)?;
    let text = word.to_string();
    let known = [words::SUPERVISOR_FIELDS, words::DYNAMIC_FIELDS].concat();
    if !known.contains(&text.as_str()) {
        let list = if fields.dynamic.is_some() { words::DYNAMIC_FIELDS } else { words::SUPERVISOR_FIELDS };
        let help = match words::closest(&text, &known) {
            Some(close) => format!("did you mean `{close}`?"),
            None => words::expected_list(&text, list),
        };
        return Err(error(word.span(), format!("unknown entry `{text}`"), help));
    }
    if fields.word(&text).is_some() {
        return Err(error(word.span(), format!("`{text}` is given twice"), "remove one of the two"));
    }
    fields.words.push(word.clone());
    colon(input, &word)?;
    match text.as_str() {
        "strategy" => fields.strategy = Some(values::one_of(input, "strategy", words::STRATEGIES)?),
        "max_restarts" => fields.max_restarts = Some(values::number(input, "max_restarts", 0)?),
        "max_seconds" => fields.max_seconds = Some(values::number(input, "max_seconds", 1)?),
        "max_children" => fields.max_children = Some(values::number(input, "max_children", 1)?),
        "dynamic" => fields.dynamic = Some(input.parse()?),
        _ => {
            let list;
            let mut children = Vec::new();
            if !input.peek(token::Bracket) {
                return Err(error(input.span(), "expected a list of children", "write `children: [MyServer, Other(1)]`"));
            }
            syn::bracketed!(list in input);
            entries(&list, errors, |entry, errors| {
                children.extend(child(entry, errors)?);
                Ok(())
            });
            fields.children = Some(children);
        }
    }
    Ok(())
}

/// `Counter(1_000) as high { restart: transient }`; `None` for one that has to wait for a later release.
fn child(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Child>> {
    let attributes = input.call(Attribute::parse_outer)?;
    if let Some(later) = later_child(input) {
        let help = "it arrives in a later release; write a child as `MyServer(arguments) as name { options }`";
        return Err(error(later.span(), format!("`{later}` children are not there yet"), help));
    }
    let ty = child_type(input)?;
    let mut args = Args::None;
    if input.peek(token::Paren) {
        let group: Group = input.parse()?;
        args = match Punctuated::<Expr, Token![,]>::parse_terminated.parse2(group.stream()) {
            Ok(expressions) => Args::Some(expressions.into_iter().collect()),
            Err(_) => Args::Partial(group.stream()),
        };
    }
    let last = match types::ungroup(&ty) {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.clone()),
        _ => None,
    };
    let is_function = last.as_ref().is_some_and(|last| last.to_string().starts_with(|c: char| c.is_lowercase()));
    if is_function && matches!(types::ungroup(&ty), Type::Path(path) if path.path.segments.len() > 1) {
        until_comma(input);
        let help = "children made by a function arrive in a later release; write the server's type, `MyServer(arguments)`";
        errors.at(&ty, "a child is a type", help);
        return Ok(None);
    }
    let id = if input.peek(Token![as]) {
        input.parse::<Token![as]>()?;
        let Ok(id) = input.parse::<Ident>() else {
            return Err(error(input.span(), "expected the child's name", "write `as my_name`"));
        };
        id
    } else {
        let text = last.as_ref().map(naming::snake).unwrap_or_default();
        match last.as_ref().and_then(|last| naming::ident(&text, last.span())) {
            Some(id) => id,
            None => return Err(syn::Error::new_spanned(&ty, "this child needs a name\nhelp: write `.. as my_name`")),
        }
    };
    let mut child = Child { carried: Carried::from_attributes(&attributes), ty, args, id, restart: None, shutdown: None };
    if input.peek(token::Brace) {
        let options;
        syn::braced!(options in input);
        let mut seen = Vec::new();
        entries(&options, errors, |entry, _| option(entry, &mut child, &mut seen));
    }
    Ok(Some(child))
}

fn option(input: ParseStream<'_>, child: &mut Child, seen: &mut Vec<Ident>) -> syn::Result<()> {
    let word = input.call(Ident::parse_any)?;
    let text = word.to_string();
    if !words::CHILD_OPTIONS.contains(&text.as_str()) {
        let help = words::expected_list(&text, words::CHILD_OPTIONS);
        return Err(error(word.span(), format!("unknown option `{text}`"), help));
    }
    if seen.contains(&word) {
        return Err(error(word.span(), format!("`{text}` is given twice"), "remove one of the two"));
    }
    seen.push(word.clone());
    colon(input, &word)?;
    match text.as_str() {
        "restart" => child.restart = Some(values::restart(input)?),
        "shutdown" => child.shutdown = Some(Shutdown::parse(input)?),
        _ => {
            until_comma(input);
            let help = "it arrives in a later release, with `auto_shutdown`; remove it";
            return Err(error(word.span(), "`significant` is not there yet", help));
        }
    }
    Ok(())
}

fn colon(input: ParseStream<'_>, word: &Ident) -> syn::Result<()> {
    if input.parse::<Option<Token![:]>>()?.is_some() {
        if input.is_empty() || input.peek(Token![,]) {
            return Err(error(word.span(), format!("`{word}` needs a value"), format!("write `{word}: ..`")));
        }
        return Ok(());
    }
    let found = if input.is_empty() { word.span() } else { input.span() };
    Err(error(found, "expected `:`", format!("write `{word}: ..`")))
}

/// `dynamic x: T`, `partition x: T` or `supervisor X { .. }`.
fn later_child(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let word = ahead.call(Ident::parse_any).ok()?;
    (["dynamic", "partition", "supervisor"].iter().any(|later| word == later) && ahead.peek(syn::Ident)).then_some(word)
}

/// A path without the `Fn(A) -> B` form, since parentheses are the child's arguments; or a `$ty`.
fn child_type(input: ParseStream<'_>) -> syn::Result<Type> {
    if input.peek(token::Group) {
        return input.parse();
    }
    let mut path = syn::Path { leading_colon: input.parse()?, segments: Punctuated::new() };
    loop {
        let Ok(ident) = input.call(Ident::parse_any) else {
            let found = input.span();
            return Err(error(found, "expected a child", "write `MyServer`, `MyServer(arguments)` or `MyServer as name`"));
        };
        let mut segment = PathSegment::from(ident);
        if input.peek(Token![<]) || (input.peek(Token![::]) && input.peek3(Token![<])) {
            segment.arguments = PathArguments::AngleBracketed(input.parse::<AngleBracketedGenericArguments>()?);
        }
        path.segments.push_value(segment);
        if !input.peek(Token![::]) {
            return Ok(Type::Path(TypePath { attrs: Vec::new(), qself: None, path }));
        }
        path.segments.push_punct(input.parse()?);
    }
}

fn until_end(input: ParseStream<'_>) {
    while input.parse::<TokenTree>().is_ok() {}
}
