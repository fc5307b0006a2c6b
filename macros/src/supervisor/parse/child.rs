//! An entry of `children`: from its tokens to the model.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, Attribute, Expr, ExprPath, Pat, PathArguments, PathSegment,
    Token, Type, TypePath, token,
};

use crate::carry::Carried;
use crate::code;
use crate::diag::{Errors, error, error_at};
use crate::entries::{self, Entry, put};
use crate::naming;
use crate::supervisor::model::{Args, Child, Form, Options, Supervisor, Times};
use crate::supervisor::parse::{each, inside, misplaced, value};
use crate::tokens::{self, text, until_comma};
use crate::types;
use crate::values::{self, Shutdown};
use crate::words;

const FORMS: &str = "write `MyServer`, `MyServer(arguments)` or `MyServer as name`";

/// `for n in 0..4 => Counter(n) as counters { restart: transient }`
pub(crate) fn child(
    input: ParseStream<'_>,
    outer: &Supervisor,
    errors: &mut Errors,
) -> syn::Result<Child> {
    let attributes = input.call(Attribute::parse_outer)?;
    let times = times(input)?;
    misspelt(input)?;
    let mut options = Options {
        krate: outer.krate.clone(),
        ..Options::default()
    };
    let (form, id) = if keyword(input, "supervisor") {
        inside::fixed(input, &attributes, outer, &mut options, errors)?
    } else if keyword(input, "dynamic") {
        inside::dynamic(input, &attributes, outer, &mut options, errors)?
    } else if keyword(input, "partition") {
        inside::partition(input, &attributes, outer, &mut options, errors)?
    } else if keyword(input, "task") {
        task(input, &mut options, errors)?
    } else if is_type(input) {
        typed(input, &mut options, errors)?
    } else {
        specification(input, &mut options, errors)?
    };
    if input.peek(Token![else]) {
        errors.push(error(
            code::ARROW,
            input.span(),
            "an `if` in a list of children has no `else`",
            "write another child behind it: `if !condition => MyServer`",
        ));
        until_comma(input);
    }
    if !matches!(form, Form::Inline(_)) {
        of_children(&attributes, errors);
    }
    Ok(Child {
        place: 0,
        carried: Carried::from_attributes(&attributes),
        times,
        form,
        id,
        options,
    })
}

/// What stands before a child goes to its method, or says whether there is one. Anything else would do nothing.
fn of_children(attributes: &[Attribute], errors: &mut Errors) {
    const TAKEN: &[&str] = &[
        "doc",
        "cfg",
        "cfg_attr",
        "deprecated",
        "must_use",
        "allow",
        "expect",
        "warn",
        "deny",
        "forbid",
    ];
    for attribute in attributes {
        let Some(word) = attribute.path().get_ident() else {
            continue;
        };
        if TAKEN.iter().any(|taken| word == taken) {
            continue;
        }
        let help = match words::closest(&word.to_string(), TAKEN) {
            Some(meant) => format!("write `#[{meant}]`, or remove it"),
            None => "docs, `#[cfg]` and lints may stand here; an option stands in braces behind the child: `Cache { restart: transient }`".to_owned(),
        };
        errors.at(
            code::MISPLACED,
            attribute,
            format!("`#[{word}]` says nothing of a child"),
            help,
        );
    }
}

/// `for pattern in iterator =>`, `if condition =>`, or nothing.
fn times(input: ParseStream<'_>) -> syn::Result<Times> {
    let times = if input.parse::<Option<Token![for]>>()?.is_some() {
        let pattern = Pat::parse_single(input)?;
        input.parse::<Token![in]>()?;
        Times::Each(pattern, before_arrow(input)?)
    } else if input.parse::<Option<Token![if]>>()?.is_some() {
        Times::If(before_arrow(input)?)
    } else {
        return Ok(Times::Once);
    };
    if input.parse::<Option<Token![=>]>>()?.is_none() {
        let help = "write `if condition => MyServer`, or `for n in 0..4 => MyServer(n) as servers`";
        return Err(error(
            code::ARROW,
            input.span(),
            "expected `=>` and a child",
            help,
        ));
    }
    Ok(times)
}

/// An expression with `=>` behind it. Where braces stand there, as in a loop of Rust's, it ends before them.
fn before_arrow(input: ParseStream<'_>) -> syn::Result<Expr> {
    let ahead = input.fork();
    match ahead.parse() {
        Ok(expression) if ahead.peek(Token![=>]) => {
            input.advance_to(&ahead);
            Ok(expression)
        }
        _ => Expr::parse_without_eager_brace(input),
    }
}

/// Whether this word stands here, with a name behind it: `dynamic rooms`.
fn keyword(input: ParseStream<'_>, word: &str) -> bool {
    let ahead = input.fork();
    ahead
        .call(Ident::parse_any)
        .is_ok_and(|found| found == word)
        && ahead.peek(syn::Ident)
}

/// What stands before a child's name.
pub(crate) const KEYWORDS: &[&str] = &["supervisor", "dynamic", "partition", "task"];

/// A word before a name that is none of ours, and one of ours without a name: `dynmic rooms: Room`, `dynamic: Room`.
fn misspelt(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    let Ok(word) = ahead.call(Ident::parse_any) else {
        return Ok(());
    };
    let text = word.to_string();
    if KEYWORDS.contains(&&*text) {
        let is_nameless = ahead.peek(Token![:]) && !ahead.peek(Token![::]);
        if is_nameless || ahead.peek(token::Brace) {
            let help = if word == "supervisor" {
                "write `supervisor MyName { .. }`".to_owned()
            } else if word == "task" {
                "write `task my_name: my_function()`, with an `async fn`".to_owned()
            } else {
                format!("write `{word} my_name: ..`")
            };
            return Err(error(
                code::CHILD_NAME,
                word.span(),
                "this child needs a name",
                help,
            ));
        }
    } else if ahead.peek(syn::Ident) {
        let _ = ahead.parse::<Ident>();
        let is_named = ahead.peek(Token![:]) && !ahead.peek(Token![::]);
        if is_named || words::closest(&text, KEYWORDS).is_some() {
            return Err(error(
                code::KIND_OF_CHILD,
                word.span(),
                format!("unknown kind of child `{word}`"),
                words::expected(&text, KEYWORDS),
            ));
        }
    }
    Ok(())
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
    let mut args = args(input)?;
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
                error_at(
                    code::CHILD_NAME,
                    &ty,
                    "this child needs a name",
                    "write `.. as my_name`",
                )
            })?
        }
    };
    if matches!(args, Args::None) && input.peek(token::Paren) {
        let what = "the arguments of a child stand before its name";
        let help = format!("write `{}(..) as {id}`", text(&ty));
        errors.push(error(code::CHILD, input.span(), what, help));
        args = self::args(input)?;
    }
    braces(input, errors, |entry, errors, seen| {
        option(entry, options, seen, errors)
    })?;
    let id = named_too_late(input, &ty, errors)?.unwrap_or(id);
    Ok((Form::Type { ty, args }, id))
}

/// `Counter { restart: transient } as low`: said, and read as what is meant.
fn named_too_late(
    input: ParseStream<'_>,
    ty: &Type,
    errors: &mut Errors,
) -> syn::Result<Option<Ident>> {
    let found = input.span();
    let id = renamed(input)?;
    if let Some(id) = &id {
        let what = "the name of a child stands before its options";
        let help = format!("write `{} as {id} {{ .. }}`", text(ty));
        errors.push(error(code::CHILD_NAME, found, what, help));
    }
    Ok(id)
}

pub(crate) fn args(input: ParseStream<'_>) -> syn::Result<Args> {
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
pub(crate) fn renamed(input: ParseStream<'_>) -> syn::Result<Option<Ident>> {
    if input.parse::<Option<Token![as]>>()?.is_none() {
        return Ok(None);
    }
    match input.parse::<Ident>() {
        Ok(id) => Ok(Some(id)),
        Err(_) => Err(error(
            code::CHILD_NAME,
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
        _ => return Err(error(code::CHILD, begin, "expected a child", FORMS)),
    };
    if !tokens.into_iter().next().is_some_and(starts) {
        return Err(error(code::CHILD, begin, "expected a child", FORMS));
    }
    input.advance_to(&ahead);
    let Some(id) = renamed(input)? else {
        return Err(error_at(
            code::CHILD_NAME,
            expression,
            "this child needs a name",
            "write `.. as my_name`",
        ));
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
            code::NAMED_CHILD,
            input.span(),
            "expected `:` and a call of an `async fn`",
            format!("write `task {id}: my_function()`"),
        ));
    }
    let mut expression = Expr::parse_without_eager_brace(input)?;
    match &mut expression {
        // What it uses is its own: it is given clones.
        Expr::Async(block) => {
            block.capture.get_or_insert_default();
        }
        // The name would be the task's own.
        Expr::Path(function) if function.path.is_ident(&id) => {
            let what = format!("`{id}` is a function: a task is the future that it gives");
            let help = format!("call it: `task {id}: {id}()`");
            errors.push(error_at(code::NAMED_CHILD, &*function, what, help));
            expression = syn::parse_quote!(#function());
        }
        _ => {}
    }
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

/// Braces with entries, if they are there. `true`: the last of them is cut off.
pub(crate) fn braces(
    input: ParseStream<'_>,
    errors: &mut Errors,
    mut read: impl FnMut(ParseStream<'_>, &mut Errors, &mut Vec<Ident>) -> syn::Result<()>,
) -> syn::Result<bool> {
    if !input.peek(token::Brace) {
        return Ok(false);
    }
    let entries;
    syn::braced!(entries in input);
    let mut seen = Vec::new();
    Ok(each(&entries, errors, |entry, errors| {
        read(entry, errors, &mut seen)
    }))
}

/// The options of a child.
pub(crate) const OPTIONS: &[Entry<Options>] = &[
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

pub(crate) fn option(
    input: ParseStream<'_>,
    options: &mut Options,
    seen: &mut Vec<Ident>,
    errors: &mut Errors,
) -> syn::Result<()> {
    let word = input.call(Ident::parse_any)?;
    misplaced::no_name(&word)?;
    misplaced::no_entry(&word).inspect_err(|_| {
        // The others are of the same mistake.
        if word == "strategy" || word == "children" {
            tokens::drain(input);
        }
    })?;
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
