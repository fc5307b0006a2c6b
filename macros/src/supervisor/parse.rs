//! From the tokens of `supervisor!` to the model, entry by entry: one that cannot be read is reported and left out.

mod child;
mod child_options;
mod child_type;
mod conditional;
mod entry_values;
mod expression;
mod inside;
mod kind;
mod misplaced;

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Token, Type, token};

use self::child::child;
use self::conditional::under;
use self::entry_values::{arguments, auto_shutdown, strategy, types};
use self::inside::partitioned;
use self::misplaced::no_option;
use crate::code;
use crate::diag::{Errors, error, error_at};
use crate::entries::{self, Entry, Read, put};
use crate::supervisor::cases::Assumed;
use crate::supervisor::model::{Child, Fields, Supervisor};
use crate::tokens::{self, until_comma};
use crate::{values, words};

const GRAMMAR: &str = "write `supervisor! { App { strategy: one_for_one, children: [MyServer] } }`";

/// `[crate path] /// docs  pub App(config: Config, name = "app") { fields }`, where this is taken for granted; `None` if there is not
/// even a name.
pub(crate) fn parse(
    input: TokenStream,
    assumed: &Assumed,
    errors: &mut Errors,
) -> Option<Supervisor> {
    let parser = |input: ParseStream<'_>| {
        let supervisor = supervisor(input, assumed, errors);
        tokens::drain(input);
        supervisor
    };
    let result = parser.parse2(input);
    errors.take(result)
}

fn supervisor(
    input: ParseStream<'_>,
    assumed: &Assumed,
    errors: &mut Errors,
) -> syn::Result<Supervisor> {
    let krate;
    syn::bracketed!(krate in input);
    let krate: TokenStream = krate.parse()?;
    let attributes = input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    let Ok(ident) = input.parse::<Ident>() else {
        return Err(error(
            code::DECLARATION,
            input.span(),
            "expected the supervisor's name",
            GRAMMAR,
        ));
    };
    let mut supervisor = Supervisor {
        krate,
        attributes,
        vis,
        generics: input.parse()?,
        params: Vec::new(),
        conditional: Vec::new(),
        name: None,
        fields: Fields::default(),
        conditional_errors: Vec::new(),
        assumed: assumed.clone(),
        conditions: Vec::new(),
        ident,
    };
    header(input, &mut supervisor, errors)?;
    supervisor.generics.where_clause = input.parse()?;
    if !input.peek(token::Brace) {
        let found = if input.is_empty() {
            supervisor.ident.span()
        } else {
            input.span()
        };
        return Err(error(
            code::DECLARATION,
            found,
            "expected the supervisor's strategy and children in braces",
            GRAMMAR,
        ));
    }
    let body;
    syn::braced!(body in input);
    let cut_off = each(&body, errors, |entry, errors| {
        let attributes = entry.call(Attribute::parse_outer)?;
        entry_under(entry, &attributes, &mut supervisor, &[], errors)
    });
    supervisor.fields.unclear |= cut_off;
    if !input.is_empty() {
        let rest: TokenStream = input.parse()?;
        errors.at(
            code::DECLARATION,
            rest,
            "unexpected after the braces",
            "a `supervisor!` declares one supervisor; write another one",
        );
    }
    Ok(supervisor)
}

/// `(config: Config, name = "app")`, if it is there.
fn header(
    input: ParseStream<'_>,
    supervisor: &mut Supervisor,
    errors: &mut Errors,
) -> syn::Result<()> {
    if input.peek(token::Paren) {
        let header;
        syn::parenthesized!(header in input);
        let mut own = Errors::default();
        each(&header, &mut own, |entry, errors| {
            let attributes = entry.call(Attribute::parse_outer)?;
            under(&attributes, "an argument", supervisor, errors, |into, _| {
                parameter(entry, into)
            })
        });
        // While it is typed there is nothing behind it.
        if input.is_empty()
            && let Some(error) = own.take_all()
        {
            return Err(error);
        }
        errors.append(own);
    }
    Ok(())
}

/// Reads entries up to the end, whatever is wrong with one. `true`: the last of them cannot be read, and ends there, as while it is
/// typed.
fn each(
    input: ParseStream<'_>,
    errors: &mut Errors,
    mut read: impl FnMut(ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) -> bool {
    let mut semicolon_said = false;
    while !input.is_empty() {
        let result = read(input, errors);
        if errors.take(result).is_none() {
            until_comma(input);
            if input.is_empty() {
                return true;
            }
        } else if !input.is_empty() && !input.peek(Token![,]) {
            let semicolon = input.peek(Token![;]);
            // Who ends one entry so ends all so.
            if !(semicolon && semicolon_said) {
                errors.push(error(
                    code::COMMA,
                    input.span(),
                    "expected `,`",
                    "entries are separated by commas",
                ));
            }
            semicolon_said |= semicolon;
            // What follows is read as what it is meant to be.
            let _ = input.parse::<Option<Token![;]>>();
            if input.peek(Ident::peek_any) {
                continue;
            }
            until_comma(input);
        }
        let _ = input.parse::<Token![,]>();
    }
    false
}

/// `config: Config`, or `name = "app"`.
fn parameter(input: ParseStream<'_>, supervisor: &mut Supervisor) -> syn::Result<()> {
    if let Some(mutable) = input.parse::<Option<Token![mut]>>()? {
        parameter(input, supervisor)?;
        return Err(error_at(
            code::ARGUMENT_TYPE,
            mutable,
            "an argument of a supervisor does not change: it is given again at each restart",
            "remove `mut`",
        ));
    }
    let word = input.parse::<Ident>()?;
    if input.peek(Token![=]) && !input.peek(Token![==]) {
        input.parse::<Token![=]>()?;
        if word != "name" {
            let help = format!(
                "write `{word}: Type` for an argument, `name = \"..\"` for the supervisor's name"
            );
            return Err(error(
                code::UNKNOWN_OPTION,
                word.span(),
                format!("unknown option `{word}`"),
                help,
            ));
        }
        if supervisor.name.is_some() {
            return Err(entries::twice(&word));
        }
        if input.is_empty() {
            let what = "`name` needs a value";
            return Err(error(
                code::OPTION_FORM,
                word.span(),
                what,
                "write `name = \"..\"`",
            ));
        }
        supervisor.name = Some(input.parse()?);
        return Ok(());
    }
    if input.parse::<Option<Token![:]>>()?.is_none() || input.is_empty() {
        let help = format!("write `{word}: Type`");
        return Err(error(
            code::ARGUMENT_TYPE,
            word.span(),
            format!("the argument `{word}` has no type"),
            help,
        ));
    }
    if input.peek(syn::Lit) {
        let help = if word == "name" {
            "write `name = ..` for the supervisor's name, `name: String` for an argument".to_owned()
        } else {
            format!("write `{word}: Type`: its value is given to `start_link`")
        };
        let what = format!("expected the type of the argument `{word}`");
        let found = input.span();
        if word == "name" && supervisor.name.is_none() {
            supervisor.name = Some(input.parse()?);
        }
        return Err(error(code::ARGUMENT_TYPE, found, what, help));
    }
    let ty = input.call(Type::without_plus)?;
    supervisor.params.push((word.clone(), ty));
    if input.peek(Token![=]) {
        return Err(error(
            code::ARGUMENT_TYPE,
            input.span(),
            "an argument of a supervisor has no value by itself",
            format!("remove it: what `{word}` is, is given to `start_link`"),
        ));
    }
    Ok(())
}

/// What may stand in the braces. Which of it goes together, `check` knows.
const FIELDS: &[Entry<Supervisor>] = &[
    Entry::value("dynamic", "MyServer", |supervisor, input, errors| {
        put(&mut supervisor.fields.dynamic, types(input, errors))
    }),
    Entry::value("partition", "MyServer", |supervisor, input, _| {
        put(&mut supervisor.fields.partition, partitioned(input))
    }),
    Entry::value("strategy", "one_for_one", |supervisor, input, _| {
        put(&mut supervisor.fields.strategy, strategy(input))
    }),
    Entry::value(
        "auto_shutdown",
        "any_significant",
        |supervisor, input, _| put(&mut supervisor.fields.auto_shutdown, auto_shutdown(input)),
    ),
    Entry::value("max_restarts", "3", |supervisor, input, _| {
        let number = values::number(input, "max_restarts", 0);
        put(&mut supervisor.fields.max_restarts, number)
    }),
    Entry::value("max_seconds", "5", |supervisor, input, _| {
        let number = values::number(input, "max_seconds", 1);
        put(&mut supervisor.fields.max_seconds, number)
    }),
    Entry::value("max_children", "1_000", |supervisor, input, _| {
        let number = values::number(input, "max_children", 1);
        put(&mut supervisor.fields.max_children, number)
    }),
    Entry::value("partitions", "4", |supervisor, input, _| {
        let number = values::number(input, "partitions", 1);
        put(&mut supervisor.fields.partitions, number)
    }),
    Entry::value("extra_arguments", "[config]", |supervisor, input, _| {
        put(&mut supervisor.fields.extra_arguments, arguments(input))
    }),
    Entry::value("children", "[MyServer]", |supervisor, input, errors| {
        let list = children(input, supervisor, errors);
        put(&mut supervisor.fields.children, list)
    }),
];

/// An entry behind these attributes; `beside`: words that may stand there, too.
fn entry_under(
    input: ParseStream<'_>,
    attributes: &[Attribute],
    supervisor: &mut Supervisor,
    beside: &[&'static str],
    errors: &mut Errors,
) -> syn::Result<()> {
    under(
        attributes,
        "an entry",
        supervisor,
        errors,
        |into, errors| field(input, into, beside, errors),
    )
}

fn field(
    input: ParseStream<'_>,
    supervisor: &mut Supervisor,
    beside: &[&'static str],
    errors: &mut Errors,
) -> syn::Result<()> {
    let word = input.call(Ident::parse_any)?;
    let Some(entry) = FIELDS.iter().find(|entry| word == entry.word) else {
        misplaced::no_name_of_a_supervisor(&word)?;
        if beside.is_empty() {
            misplaced::no_option_of_a_child(&word)?;
        }
        supervisor.fields.unclear = true;
        let unknown = unknown_field(&word, &supervisor.fields, beside);
        // What was meant is read on, so that there is no error about what is not there.
        let meant = entries::meant(FIELDS, &word);
        let Some(entry) = meant.filter(|entry| supervisor.fields.word(entry.word).is_none()) else {
            return Err(unknown);
        };
        errors.push(unknown);
        if value(entry, supervisor, &word, input, &mut Errors::default()).is_err() {
            until_comma(input);
        }
        return Ok(());
    };
    entries::once(&mut supervisor.fields.words, &word)?;
    value(entry, supervisor, &word, input, errors)
}

fn unknown_field(word: &Ident, fields: &Fields, beside: &[&'static str]) -> syn::Error {
    let text = word.to_string();
    let of_a_list = ["strategy", "children", "auto_shutdown"];
    let of_dynamic = ["dynamic", "max_children", "extra_arguments"];
    let of_partition = ["partition", "partitions"];
    let is_for_others = |word: &&str| {
        let (dynamic, partition) = (fields.dynamic.is_some(), fields.partition.is_some());
        (of_a_list.contains(word) && (dynamic || partition))
            || (of_dynamic.contains(word) && !dynamic)
            || (of_partition.contains(word) && !partition)
    };
    let mut known = entries::words(FIELDS);
    known.extend(beside);
    let meant = words::ENTRY_ALIASES
        .iter()
        .find(|(theirs, _)| text == *theirs);
    let help = match meant
        .map(|(_, ours)| *ours)
        .or_else(|| words::closest(&text, &known))
    {
        Some(close) => format!("did you mean `{close}`?"),
        None => {
            known.retain(|known| !is_for_others(known));
            words::expected_list(&text, &known)
        }
    };
    error(
        code::UNKNOWN_ENTRY,
        word.span(),
        format!("unknown entry `{text}`"),
        help,
    )
}

/// `: value` behind a word.
fn value<T>(
    entry: &Entry<T>,
    into: &mut T,
    word: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<()> {
    let is_set = input.peek(Token![=]) && !input.peek(Token![==]);
    if let Err(error) = colon(input, word) {
        input.parse::<Option<Token![=]>>()?;
        if input.is_empty() || input.peek(Token![,]) {
            return Err(error);
        }
        // Read on, so that there is no error about what is not there.
        errors.push(error);
        if !is_set {
            let mut others = Errors::default();
            if given(entry, into, word, input, &mut others).is_err() {
                until_comma(input);
            }
            return Ok(());
        }
    }
    given(entry, into, word, input, errors)
}

/// The value itself.
fn given<T>(
    entry: &Entry<T>,
    into: &mut T,
    word: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<()> {
    match entry.read {
        Read::Value { read, .. } => read(into, input, errors),
        Read::Form(read) => read(into, word, input, errors),
        Read::Flag(set) => {
            set(into, values::entry_flag(input, word)?);
            Ok(())
        }
    }
}

fn children(
    input: ParseStream<'_>,
    supervisor: &Supervisor,
    errors: &mut Errors,
) -> syn::Result<Vec<Child>> {
    if !input.peek(token::Bracket) {
        return Err(error(
            code::LIST,
            input.span(),
            "expected a list of children",
            "write `children: [MyServer, Other(1)]`",
        ));
    }
    let list;
    syn::bracketed!(list in input);
    let mut children = Vec::new();
    each(&list, errors, |entry, errors| {
        no_option(entry)?;
        let place = children.len();
        children.push(Child {
            place,
            ..child(entry, supervisor, errors)?
        });
        Ok(())
    });
    Ok(children)
}

fn colon(input: ParseStream<'_>, word: &Ident) -> syn::Result<()> {
    if input.parse::<Option<Token![:]>>()?.is_some() {
        if input.is_empty() || input.peek(Token![,]) {
            return Err(error(
                code::OPTION_FORM,
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
    Err(error(
        code::OPTION_FORM,
        found,
        "expected `:`",
        format!("write `{word}: ..`"),
    ))
}
