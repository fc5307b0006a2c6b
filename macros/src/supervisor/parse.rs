//! From the tokens of `supervisor!` to the model, entry by entry: one that cannot be read is reported and left out.

mod child;

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Token, token};

use self::child::child;
use crate::diag::{Errors, error};
use crate::supervisor::model::{Fields, Supervisor};
use crate::tokens::until_comma;
use crate::{values, words};

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
    let Ok(ident) = input.parse::<Ident>() else {
        return Err(error(
            input.span(),
            "expected the supervisor's name",
            GRAMMAR,
        ));
    };
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
        entries(&header, errors, |entry, _| {
            parameter(entry, &mut supervisor)
        });
    }
    if !input.peek(token::Brace) {
        let found = if input.is_empty() {
            supervisor.ident.span()
        } else {
            input.span()
        };
        return Err(error(
            found,
            "expected the supervisor's strategy and children in braces",
            GRAMMAR,
        ));
    }
    let body;
    syn::braced!(body in input);
    entries(&body, errors, |entry, errors| {
        field(entry, &mut supervisor.fields, errors)
    });
    if !input.is_empty() {
        let rest: TokenStream = input.parse()?;
        errors.at(
            rest,
            "unexpected after the braces",
            "a `supervisor!` declares one supervisor; write another one",
        );
    }
    Ok(supervisor)
}

/// Reads entries up to the end, whatever is wrong with one.
pub(crate) fn entries(
    input: ParseStream<'_>,
    errors: &mut Errors,
    mut read: impl FnMut(ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    while !input.is_empty() {
        let result = read(input, errors);
        if errors.take(result).is_none() {
            until_comma(input);
        } else if !input.is_empty() && !input.peek(Token![,]) {
            errors.push(error(
                input.span(),
                "expected `,`",
                "entries are separated by commas",
            ));
            if input.peek(Ident::peek_any) {
                continue;
            }
            until_comma(input);
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
            let help = format!(
                "write `{word}: Type` for an argument, `name = \"..\"` for the supervisor's name"
            );
            return Err(error(word.span(), format!("unknown option `{word}`"), help));
        }
        if supervisor.name.is_some() {
            return Err(error(
                word.span(),
                "`name` is given twice",
                "remove one of the two",
            ));
        }
        supervisor.name = Some(input.parse()?);
        return Ok(());
    }
    if input.parse::<Option<Token![:]>>()?.is_none() {
        let help = format!("write `{word}: Type`");
        return Err(error(
            word.span(),
            format!("the argument `{word}` has no type"),
            help,
        ));
    }
    supervisor.params.push((word, input.parse()?));
    Ok(())
}

fn field(input: ParseStream<'_>, fields: &mut Fields, errors: &mut Errors) -> syn::Result<()> {
    let word = input.call(Ident::parse_any)?;
    let text = word.to_string();
    let known = [words::SUPERVISOR_FIELDS, words::DYNAMIC_FIELDS].concat();
    if !known.contains(&text.as_str()) {
        let list = if fields.dynamic.is_some() {
            words::DYNAMIC_FIELDS
        } else {
            words::SUPERVISOR_FIELDS
        };
        let help = match words::closest(&text, &known) {
            Some(close) => format!("did you mean `{close}`?"),
            None => words::expected_list(&text, list),
        };
        fields.unknown = true;
        return Err(error(word.span(), format!("unknown entry `{text}`"), help));
    }
    if fields.word(&text).is_some() {
        return Err(error(
            word.span(),
            format!("`{text}` is given twice"),
            "remove one of the two",
        ));
    }
    fields.words.push(word.clone());
    colon(input, &word)?;
    match text.as_str() {
        "strategy"
            if input
                .fork()
                .call(Ident::parse_any)
                .is_ok_and(|word| word == "simple_one_for_one") =>
        {
            return Err(error(
                input.span(),
                "a supervisor of children that come and go is a dynamic one",
                "write `dynamic: MyServer` in place of the strategy and the children",
            ));
        }
        "strategy" => fields.strategy = Some(values::one_of(input, "strategy", words::STRATEGIES)?),
        "max_restarts" => fields.max_restarts = Some(values::number(input, "max_restarts", 0)?),
        "max_seconds" => fields.max_seconds = Some(values::number(input, "max_seconds", 1)?),
        "max_children" => fields.max_children = Some(values::number(input, "max_children", 1)?),
        "dynamic" => fields.dynamic = Some(input.parse()?),
        _ => {
            let list;
            let mut children = Vec::new();
            if !input.peek(token::Bracket) {
                return Err(error(
                    input.span(),
                    "expected a list of children",
                    "write `children: [MyServer, Other(1)]`",
                ));
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

pub(crate) fn colon(input: ParseStream<'_>, word: &Ident) -> syn::Result<()> {
    if input.parse::<Option<Token![:]>>()?.is_some() {
        if input.is_empty() || input.peek(Token![,]) {
            return Err(error(
                word.span(),
                format!("`{word}` needs a value"),
                format!("write `{word}: ..`"),
            ));
        }
        return Ok(());
    }
    let found = if input.is_empty() {
        word.span()
    } else {
        input.span()
    };
    Err(error(found, "expected `:`", format!("write `{word}: ..`")))
}

fn until_end(input: ParseStream<'_>) {
    while input.parse::<TokenTree>().is_ok() {}
}
