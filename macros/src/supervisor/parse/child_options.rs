//! The options of a child, in braces behind it: `{ restart: transient }`.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Lit, Token, token};

use crate::diag::Errors;
use crate::entries::{self, Entry, put};
use crate::supervisor::model::Options;
use crate::supervisor::parse::{each, misplaced, value};
use crate::tokens::{self, text, until_comma};
use crate::values::{self, Shutdown};

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
    let read = read(input, options, seen, errors);
    options.unclear |= read.is_err();
    read
}

fn read(
    input: ParseStream<'_>,
    options: &mut Options,
    seen: &mut Vec<Ident>,
    errors: &mut Errors,
) -> syn::Result<()> {
    misplaced::no_attribute(input, errors)?;
    if input.peek(Lit)
        && let Some(ty) = options.alone.clone()
    {
        let error = misplaced::no_argument(input.span(), &ty);
        return foreign(input, options, error);
    }
    let word = input.call(Ident::parse_any)?;
    misplaced::no_name(&word)?;
    misplaced::no_entry(&word).inspect_err(|_| {
        // The others are of the same mistake.
        if word == "strategy" || word == "children" {
            tokens::drain(input);
        }
    })?;
    let entry = match (entries::find(OPTIONS, &word, "option"), &options.alone) {
        (Err(_), Some(ty)) if entries::meant(OPTIONS, &word).is_none() => {
            let error = misplaced::no_argument_by_name(&word, ty);
            return foreign(input, options, error);
        }
        (found, _) => found?,
    };
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

/// What may have been meant for an argument: said of the first.
fn foreign(input: ParseStream<'_>, options: &mut Options, error: syn::Error) -> syn::Result<()> {
    if !std::mem::replace(&mut options.foreign, true) {
        return Err(error);
    }
    until_comma(input);
    Ok(())
}
