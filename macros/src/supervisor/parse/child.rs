//! An entry of `children`: from its tokens to the model.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::format_ident;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, Attribute, Expr, Generics, Pat, PathArguments, PathSegment,
    Token, Type, TypePath, token,
};

use crate::carry::Carried;
use crate::diag::{Errors, error};
use crate::entries::{self, Entry, put};
use crate::naming;
use crate::supervisor::model::{Args, Child, Fields, Form, Options, Supervisor, Times};
use crate::supervisor::parse::{each, field, header, value};
use crate::tokens::{text, until_comma};
use crate::types;
use crate::values::{self, Shutdown};

const FORMS: &str = "write `MyServer`, `MyServer(arguments)` or `MyServer as name`";

/// `for n in 0..4 => Counter(n) as counters { restart: transient }`
pub(crate) fn child(
    input: ParseStream<'_>,
    outer: &Supervisor,
    errors: &mut Errors,
) -> syn::Result<Child> {
    let attributes = input.call(Attribute::parse_outer)?;
    let times = times(input)?;
    if let Some(word) = keyword(input, &["partition"]) {
        let help = "it arrives in a later release; write a child as `MyServer(arguments) as name { options }`";
        return Err(error(
            word.span(),
            format!("`{word}` children are not there yet"),
            help,
        ));
    }
    let mut options = Options {
        krate: outer.krate.clone(),
        ..Options::default()
    };
    let (form, id) = if keyword(input, &["supervisor"]).is_some() {
        inline_supervisor(input, &attributes, outer, &mut options, errors)?
    } else if keyword(input, &["dynamic"]).is_some() {
        inline_dynamic(input, &attributes, outer, &mut options, errors)?
    } else if keyword(input, &["task"]).is_some() {
        task(input, &mut options, errors)?
    } else if is_type(input) {
        typed(input, &mut options, errors)?
    } else {
        specification(input, &mut options, errors)?
    };
    Ok(Child {
        carried: Carried::from_attributes(&attributes),
        times,
        form,
        id,
        options,
    })
}

/// `for pattern in iterator =>`, `if condition =>`, or nothing.
fn times(input: ParseStream<'_>) -> syn::Result<Times> {
    let times = if input.parse::<Option<Token![for]>>()?.is_some() {
        let pattern = Pat::parse_single(input)?;
        input.parse::<Token![in]>()?;
        Times::Each(pattern, input.parse()?)
    } else if input.parse::<Option<Token![if]>>()?.is_some() {
        Times::If(input.parse()?)
    } else {
        return Ok(Times::Once);
    };
    if input.parse::<Option<Token![=>]>>()?.is_none() {
        let help = "write `if condition => MyServer`, or `for n in 0..4 => MyServer(n) as servers`";
        return Err(error(input.span(), "expected `=>` and a child", help));
    }
    Ok(times)
}

/// One of these words, with a name behind it: `dynamic rooms`.
fn keyword(input: ParseStream<'_>, words: &[&str]) -> Option<Ident> {
    let ahead = input.fork();
    let word = ahead.call(Ident::parse_any).ok()?;
    (words.iter().any(|known| word == known) && ahead.peek(syn::Ident)).then_some(word)
}

/// Whether a type stands here, and not an expression: a path whose last word is not that of a function or variable, or a `$ty`.
fn is_type(input: ParseStream<'_>) -> bool {
    if input.peek(token::Group) {
        return input.fork().parse::<Type>().is_ok();
    }
    let ahead = input.fork();
    match child_type(&ahead) {
        Ok(Type::Path(path)) => path.path.segments.last().is_some_and(|last| {
            let is_function = |c: char| c.is_lowercase();
            let lone = path.path.segments.len() == 1 && !ahead.peek(token::Paren);
            (lone || !last.ident.unraw().to_string().starts_with(is_function))
                && !ahead.peek(Token![.])
                && !ahead.peek(Token![!])
        }),
        _ => false,
    }
}

/// `Counter(1_000) as high { restart: transient }`
fn typed(
    input: ParseStream<'_>,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<(Form, Ident)> {
    let ty = child_type(input)?;
    let args = args(input)?;
    let last = match types::ungroup(&ty) {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.clone()),
        _ => None,
    };
    let id = match renamed(input)? {
        Some(id) => id,
        None => {
            let text = last.as_ref().map(naming::snake).unwrap_or_default();
            let id = last.and_then(|last| naming::ident(&text, last.span()));
            id.ok_or_else(|| {
                let text = "this child needs a name\nhelp: write `.. as my_name`";
                syn::Error::new_spanned(&ty, text)
            })?
        }
    };
    braces(input, errors, |entry, errors, seen| {
        option(entry, options, seen, errors)
    })?;
    Ok((Form::Type { ty, args }, id))
}

fn args(input: ParseStream<'_>) -> syn::Result<Args> {
    if !input.peek(token::Paren) {
        return Ok(Args::None);
    }
    let group: Group = input.parse()?;
    let expressions = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(group.stream());
    Ok(match expressions {
        Ok(expressions) => Args::Some(expressions.into_iter().collect(), group.span()),
        Err(_) => Args::Partial(group),
    })
}

/// `as name`, if it is there.
fn renamed(input: ParseStream<'_>) -> syn::Result<Option<Ident>> {
    if input.parse::<Option<Token![as]>>()?.is_none() {
        return Ok(None);
    }
    match input.parse::<Ident>() {
        Ok(id) => Ok(Some(id)),
        Err(_) => Err(error(
            input.span(),
            "expected the child's name",
            "write `as my_name`",
        )),
    }
}

/// `Metrics::child_spec(9000) as metrics { restart: transient }`: what stands before `as` is an expression.
fn specification(
    input: ParseStream<'_>,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<(Form, Ident)> {
    let begin = input.span();
    let ahead = input.fork();
    let mut tokens = TokenStream::new();
    while !ahead.is_empty() && !ahead.peek(Token![,]) && !names_a_child(&ahead) {
        tokens.extend([ahead.parse::<TokenTree>()?]);
    }
    let starts = |token: TokenTree| match token {
        TokenTree::Ident(_) | TokenTree::Group(_) => true,
        // `::my_crate::spec()`
        TokenTree::Punct(punct) => punct.as_char() == ':',
        TokenTree::Literal(_) => false,
    };
    let expression = match syn::parse2::<Expr>(tokens.clone()) {
        Ok(expression) if !matches!(expression, Expr::Tuple(_) | Expr::Array(_)) => expression,
        _ => return Err(error(begin, "expected a child", FORMS)),
    };
    if !tokens.into_iter().next().is_some_and(starts) {
        return Err(error(begin, "expected a child", FORMS));
    }
    input.advance_to(&ahead);
    let Some(id) = renamed(input)? else {
        let text = "this child needs a name\nhelp: write `.. as my_name`";
        return Err(syn::Error::new_spanned(expression, text));
    };
    braces(input, errors, |entry, errors, seen| {
        option(entry, options, seen, errors)
    })?;
    Ok((Form::Spec(expression), id))
}

/// `task accept: accept_loop(listener) { restart: transient }`
fn task(
    input: ParseStream<'_>,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<(Form, Ident)> {
    input.call(Ident::parse_any)?;
    let id: Ident = input.parse()?;
    if input.parse::<Option<Token![:]>>()?.is_none() {
        return Err(error(
            input.span(),
            "expected `:` and a call of an `async fn`",
            format!("write `task {id}: my_function()`"),
        ));
    }
    let expression = Expr::parse_without_eager_brace(input)?;
    braces(input, errors, |entry, errors, seen| {
        option(entry, options, seen, errors)
    })?;
    Ok((Form::Task(expression), id))
}

/// Whether `as name` stands here, and the child ends with it.
fn names_a_child(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.parse::<Token![as]>().is_ok()
        && (ahead.parse::<Ident>().is_err()
            || ahead.is_empty()
            || ahead.peek(Token![,])
            || ahead.peek(token::Brace))
}

/// `supervisor Storage { strategy: one_for_all, children: [Disk] }`
fn inline_supervisor(
    input: ParseStream<'_>,
    attributes: &[Attribute],
    outer: &Supervisor,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<(Form, Ident)> {
    input.call(Ident::parse_any)?;
    let ident: Ident = input.parse()?;
    let mut inner = inside(outer, attributes, ident);
    header(input, &mut inner, errors)?;
    if let Some((param, _)) = inner.params.first() {
        errors.at(
            param,
            "a supervisor inside of another takes no arguments",
            "its children may use the parameters of the outer one; remove it",
        );
    }
    let id = match renamed(input)? {
        Some(id) => id,
        None => {
            let id = naming::ident(&naming::snake(&inner.ident), inner.ident.span());
            id.ok_or_else(|| {
                error(
                    inner.ident.span(),
                    "this child needs a name",
                    "write `.. as my_name`",
                )
            })?
        }
    };
    if !input.peek(token::Brace) {
        return Err(error(
            input.span(),
            "expected the supervisor's strategy and children in braces",
            "write `supervisor Storage { strategy: one_for_one, children: [MyServer] }`",
        ));
    }
    inline_fields(input, &mut inner, options, errors)?;
    Ok((Form::Inline(Box::new(inner)), id))
}

/// `dynamic rooms: Room { max_children: 10 }`, of the type `AppRooms`.
fn inline_dynamic(
    input: ParseStream<'_>,
    attributes: &[Attribute],
    outer: &Supervisor,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<(Form, Ident)> {
    let word = input.call(Ident::parse_any)?;
    let id: Ident = input.parse()?;
    let named = naming::pascal(&id).unwrap_or_else(|| id.unraw().to_string());
    let ident = format_ident!("{}{named}", outer.ident, span = id.span());
    let mut inner = inside(outer, attributes, ident);
    header(input, &mut inner, errors)?;
    if let Some((param, _)) = inner.params.first() {
        errors.at(
            param,
            "a dynamic supervisor takes no arguments",
            "each child gets its own from `start_child`; remove it",
        );
    }
    inner.params.clear();
    if input.parse::<Option<Token![:]>>()?.is_none() {
        return Err(error(
            input.span(),
            "expected `:` and the type of its children",
            format!("write `dynamic {id}: MyServer`"),
        ));
    }
    let types = Punctuated::<Type, Token![|]>::parse_separated_nonempty_with(input, child_type)?;
    inner.fields.dynamic = Some(types.into_iter().collect());
    inner.fields.words.push(word);
    inline_fields(input, &mut inner, options, errors)?;
    Ok((Form::Inline(Box::new(inner)), id))
}

/// A supervisor inside of another one, still empty.
fn inside(outer: &Supervisor, attributes: &[Attribute], ident: Ident) -> Supervisor {
    Supervisor {
        krate: outer.krate.clone(),
        attributes: attributes.to_vec(),
        vis: outer.vis.clone(),
        ident,
        generics: Generics::default(),
        params: Vec::new(),
        name: None,
        fields: Fields::default(),
    }
}

/// What stands in the braces of a supervisor inside of another: its own entries, and its options as a child.
fn inline_fields(
    input: ParseStream<'_>,
    inner: &mut Supervisor,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<()> {
    braces(input, errors, |entry, errors, seen| {
        let word = entry.fork().call(Ident::parse_any)?;
        if OPTIONS.iter().any(|option| word == option.word) {
            option(entry, options, seen, errors)
        } else {
            field(entry, inner, errors)
        }
    })
}

/// Braces with entries, if they are there.
fn braces(
    input: ParseStream<'_>,
    errors: &mut Errors,
    mut read: impl FnMut(ParseStream<'_>, &mut Errors, &mut Vec<Ident>) -> syn::Result<()>,
) -> syn::Result<()> {
    if input.peek(token::Brace) {
        let entries;
        syn::braced!(entries in input);
        let mut seen = Vec::new();
        each(&entries, errors, |entry, errors| {
            read(entry, errors, &mut seen)
        });
    }
    Ok(())
}

/// The options of a child.
const OPTIONS: &[Entry<Options>] = &[
    Entry::value("restart", "transient", |options, input, _| {
        put(&mut options.restart, values::restart(input))
    }),
    Entry::value("shutdown", "10s", |options, input, _| {
        put(&mut options.shutdown, Shutdown::parse(input))
    }),
    Entry::flag("significant", |options, significant| {
        options.significant = significant;
    }),
    Entry::value("backoff", "100ms..10s", |options, input, _| {
        let backoff = values::backoff(input, &options.krate);
        put(&mut options.backoff, backoff)
    }),
];

fn option(
    input: ParseStream<'_>,
    options: &mut Options,
    seen: &mut Vec<Ident>,
    errors: &mut Errors,
) -> syn::Result<()> {
    let word = input.call(Ident::parse_any)?;
    let entry = entries::find(OPTIONS, &word, "option")?;
    entries::once(seen, &word)?;
    if word == "significant" {
        options.significant_word = Some(word.clone());
    }
    let written = input.fork();
    value(entry, options, &word, input, errors)?;
    let _ = written.parse::<Token![:]>();
    let written = text(until_comma(&written));
    if word == "restart" {
        options.notes.push(written);
    } else if word != "significant" {
        options.notes.push(format!("{word} {written}"));
    } else if options.significant {
        options.notes.push(word.to_string());
    }
    Ok(())
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
