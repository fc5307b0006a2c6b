//! An entry of `children`: from its tokens to the model.

use proc_macro2::{Group, Ident};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, LitStr, Pat, Token, Type, token};

use crate::carry::Carried;
use crate::code;
use crate::diag::{Errors, error};
use crate::naming;
use crate::supervisor::model::{Args, Child, Form, Options, Supervisor, Times};
use crate::supervisor::parse::child_options::{braces, option};
use crate::supervisor::parse::child_type::{child_type, is_type, named_by};
use crate::supervisor::parse::expression::{specification, task};
use crate::supervisor::parse::inside;
use crate::supervisor::parse::kind::{keyword, misspelt};
use crate::supervisor::parse::misplaced::{
    arguments_in_other_signs, options_among_arguments, options_without_braces,
};
use crate::tokens::{text, until_comma};
use crate::{types, words};

/// `for n in 0..4 => Counter(n) as counters { restart: transient }`
pub(crate) fn child(
    input: ParseStream<'_>,
    outer: &Supervisor,
    errors: &mut Errors,
) -> syn::Result<Child> {
    let attributes = input.call(Attribute::parse_outer)?;
    let times = times(input)?;
    let has_arrow = input.parse::<Option<Token![=>]>>()?.is_some();
    let in_braces = has_arrow && input.peek(token::Brace) && !input.peek2(Token![as]);
    if matches!(times, Times::Once) || has_arrow && !in_braces {
        return one(input, attributes, times, outer, errors);
    }
    let missing = if in_braces {
        let help = "write `=> MyServer`";
        error(
            code::ARROW,
            input.span(),
            "a child behind `=>` has no braces around it",
            help,
        )
    } else {
        let help = "write `if condition => MyServer`, or `for n in 0..4 => MyServer(n) as servers`";
        error(code::ARROW, input.span(), "expected `=>` and a child", help)
    };
    // A loop of Rust's. The child is read as what is meant.
    let mut others = Errors::default();
    let read = if input.peek(token::Brace) {
        let block: Group = input.parse()?;
        let in_block = |input: ParseStream<'_>| {
            let child = one(input, attributes, times, outer, &mut others);
            until_comma(input);
            input.parse::<Option<Token![,]>>()?;
            child
        };
        in_block.parse2(block.stream())
    } else {
        one(input, attributes, times, outer, &mut others)
    };
    if input.peek(Token![else]) {
        until_comma(input);
    }
    let Ok(child) = read else {
        return Err(missing);
    };
    errors.push(missing);
    errors.append(others);
    Ok(child)
}

/// `Counter(n) as counters { restart: transient }`
fn one(
    input: ParseStream<'_>,
    attributes: Vec<Attribute>,
    times: Times,
    outer: &Supervisor,
    errors: &mut Errors,
) -> syn::Result<Child> {
    let meant = misspelt(input, errors)?;
    let mut options = Options {
        krate: outer.krate.clone(),
        ..Options::default()
    };
    let kind = |word| meant.map_or_else(|| keyword(input, word), |meant| meant == word);
    let (form, id) = if kind("supervisor") {
        inside::fixed(input, &attributes, outer, &mut options, errors)?
    } else if kind("dynamic") {
        inside::dynamic(input, &attributes, outer, &mut options, errors)?
    } else if kind("partition") {
        inside::partition(input, &attributes, outer, &mut options, errors)?
    } else if kind("task") {
        task(input, &mut options, errors)?
    } else if is_type(input) || named_before(&input.fork()).is_some() {
        typed(input, &mut options, errors)?
    } else {
        specification(input, &mut options, errors)?
    };
    let mut id = id;
    if input.peek(Token![as]) {
        errors.push(error(
            code::MISPLACED,
            input.span(),
            "the name of a child stands before its braces",
            "write `MyServer as name { restart: transient }`, or `supervisor Storage as name { .. }`",
        ));
        id = renamed(input, errors)?.unwrap_or(id);
    }
    let mut times = times;
    if matches!(times, Times::Once) && (input.peek(Token![for]) || input.peek(Token![if])) {
        let word = input.fork().call(Ident::parse_any)?;
        errors.push(error(
            code::ARROW,
            word.span(),
            format!("`{word}` stands before its child"),
            "write `if condition => MyServer`, or `for n in 0..4 => MyServer(n) as servers`",
        ));
        times = self::times(input)?;
    }
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

/// `for pattern in iterator`, `if condition`, or nothing.
fn times(input: ParseStream<'_>) -> syn::Result<Times> {
    Ok(if input.parse::<Option<Token![for]>>()?.is_some() {
        let pattern = Pat::parse_single(input)?;
        input.parse::<Token![in]>()?;
        Times::Each(pattern, before_arrow(input)?)
    } else if input.parse::<Option<Token![if]>>()?.is_some() {
        Times::If(before_arrow(input)?)
    } else {
        Times::Once
    })
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

/// `Counter(1_000) as high { restart: transient }`
fn typed(
    input: ParseStream<'_>,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<(Form, Ident)> {
    let first = named_before(input);
    let ty = child_type(input)?;
    let mut args = match options_among_arguments(input, &ty, options, errors)? {
        Some(args) => args,
        None if input.peek(token::Paren) => args(input)?,
        None => arguments_in_other_signs(input, &ty, errors)?,
    };
    options.alone = matches!(args, Args::None).then(|| text(&ty));
    let renamed = match renamed(input, errors)? {
        Some(id) => Some(id),
        None => named_without_as(input, &ty, &args, errors),
    };
    if let Some(first) = &first {
        let (ty, given) = (text(&ty), parentheses(&args));
        let id = renamed.as_ref().unwrap_or(first);
        errors.push(error(
            code::CHILD_NAME,
            first.span(),
            "the name of a child stands behind it",
            format!("write `{ty}{given} as {id}`"),
        ));
    }
    let renamed = renamed.or(first);
    let id = match renamed {
        Some(id) => id,
        None => named_by(&ty)?,
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
    if options.foreign {
        args = Args::Broken;
    }
    let id = named_too_late(input, &ty, errors)?.unwrap_or(id);
    options_without_braces(input, &ty, options, errors);
    Ok((Form::Type { ty, args }, id))
}

/// `low: Counter(1)`: the name, of which the rest is read as what is meant.
fn named_before(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let id: Ident = ahead.parse().ok()?;
    if ahead.peek(Token![::]) || ahead.peek(Token![==]) {
        return None;
    }
    if ahead.parse::<Option<Token![:]>>().ok()?.is_none() {
        ahead.parse::<Token![=]>().ok()?;
    }
    let ty = child_type(&ahead.fork()).ok()?;
    let is_capital = types::name(&ty)?
        .to_string()
        .starts_with(char::is_uppercase);
    (is_capital && is_type(&ahead)).then(|| {
        input.advance_to(&ahead);
        id
    })
}

/// `(..)`, where there are arguments.
const fn parentheses(args: &Args) -> &'static str {
    if matches!(args, Args::None) {
        ""
    } else {
        "(..)"
    }
}

/// `Counter(1) low`: said, and read as what is meant. What begins with a capital letter is the next child, behind a comma that is missing.
fn named_without_as(
    input: ParseStream<'_>,
    ty: &Type,
    args: &Args,
    errors: &mut Errors,
) -> Option<Ident> {
    let ahead = input.fork();
    let id: Ident = ahead.parse().ok()?;
    let is_name = !id.to_string().starts_with(char::is_uppercase)
        && (ahead.is_empty() || ahead.peek(Token![,]) || ahead.peek(token::Brace));
    if !is_name {
        return None;
    }
    input.advance_to(&ahead);
    let given = parentheses(args);
    errors.push(error(
        code::CHILD_NAME,
        id.span(),
        format!("expected `as` before the name `{id}`"),
        format!("write `{}{given} as {id}`", text(ty)),
    ));
    Some(id)
}

/// `Counter { restart: transient } as low`: said, and read as what is meant.
fn named_too_late(
    input: ParseStream<'_>,
    ty: &Type,
    errors: &mut Errors,
) -> syn::Result<Option<Ident>> {
    let found = input.span();
    let id = renamed(input, errors)?;
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
pub(crate) fn renamed(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Ident>> {
    if input.parse::<Option<Token![as]>>()?.is_none() {
        return Ok(None);
    }
    // A text says which name is meant.
    if let Ok(text) = input.fork().parse::<LitStr>()
        && let Some(id) = naming::ident(&text.value(), text.span())
    {
        input.parse::<LitStr>()?;
        errors.at(
            code::CHILD_NAME,
            text,
            "the name of a child is a word, and no text",
            format!("write `as {id}`"),
        );
        return Ok(Some(id));
    }
    match input.parse::<Ident>() {
        // `format!("low")`
        Ok(id) if input.peek(Token![!]) => Err(error(
            code::CHILD_NAME,
            id.span(),
            "the name of a child is a word, and no expression",
            "write `as my_name`; a name that is made of arguments is one of the server: `#[genserver(name = ..)]`",
        )),
        Ok(id) => Ok(Some(id)),
        Err(_) => Err(error(
            code::CHILD_NAME,
            input.span(),
            "expected the child's name",
            "write `as my_name`",
        )),
    }
}
