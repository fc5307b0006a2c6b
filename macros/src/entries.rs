//! Words that take a value. A table of them is the one place that says which words there are, what help lists, what an
//! example looks like, and how the value of each is read: a word is in all of it or in nothing.

use proc_macro2::Ident;
use syn::Token;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use crate::code;
use crate::diag::{Errors, error};
use crate::tokens::until_comma;
use crate::{values, words};

/// A word, and how its value is read into `T`.
pub(crate) struct Entry<T> {
    pub(crate) word: &'static str,
    pub(crate) read: Read<T>,
}

/// What stands behind a word.
pub(crate) enum Read<T> {
    /// A value, such as the example.
    Value {
        example: &'static str,
        read: fn(&mut T, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
    },
    /// Nothing, `true` or `false`.
    Flag(fn(&mut T, bool)),
    /// Whatever it takes behind the word, which it is given.
    Form(fn(&mut T, &Ident, ParseStream<'_>, &mut Errors) -> syn::Result<()>),
}

impl<T> Entry<T> {
    pub(crate) const fn value(
        word: &'static str,
        example: &'static str,
        read: fn(&mut T, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
    ) -> Self {
        let read = Read::Value { example, read };
        Self { word, read }
    }

    pub(crate) const fn flag(word: &'static str, set: fn(&mut T, bool)) -> Self {
        let read = Read::Flag(set);
        Self { word, read }
    }

    /// As it may be written in a supervisor: `restart: transient`.
    pub(crate) fn example(&self) -> String {
        let value = match self.read {
            Read::Value { example, .. } => example,
            Read::Flag(_) => "true",
            Read::Form(_) => "..",
        };
        format!("{}: {value}", self.word)
    }

    pub(crate) const fn form(
        word: &'static str,
        read: fn(&mut T, &Ident, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
    ) -> Self {
        let read = Read::Form(read);
        Self { word, read }
    }
}

/// The words of a table, as help lists them.
pub(crate) fn words<T>(table: &[Entry<T>]) -> Vec<&'static str> {
    table.iter().map(|entry| entry.word).collect()
}

/// The entry for this word. An error for a word that is not in the table says what `sort` of word was expected.
pub(crate) fn find<'t, T>(
    table: &'t [Entry<T>],
    word: &Ident,
    sort: &str,
) -> syn::Result<&'t Entry<T>> {
    let text = word.to_string();
    let entry = table.iter().find(|entry| entry.word == text);
    entry.ok_or_else(|| {
        error(
            code::UNKNOWN_OPTION,
            word.span(),
            format!("unknown {sort} `{text}`"),
            words::expected_list(&text, &words(table)),
        )
    })
}

/// Remembers the word; an error if it was there before.
pub(crate) fn once(seen: &mut Vec<Ident>, word: &Ident) -> syn::Result<()> {
    if seen.contains(word) {
        return Err(twice(word));
    }
    seen.push(word.clone());
    Ok(())
}

/// A word that is given a second time.
pub(crate) fn twice(word: &Ident) -> syn::Error {
    error(
        code::GIVEN_TWICE,
        word.span(),
        format!("`{word}` is given twice"),
        "remove one of the two",
    )
}

/// Puts a value that could be read into its place.
pub(crate) fn put<T>(place: &mut Option<T>, value: syn::Result<T>) -> syn::Result<()> {
    *place = Some(value?);
    Ok(())
}

/// Reads `option = value, flag, ..` into `options`, to the end; one that cannot be read is reported and left out.
pub(crate) fn read_all<T>(
    table: &[Entry<T>],
    options: &mut T,
    input: ParseStream<'_>,
    errors: &mut Errors,
) {
    let mut seen: Vec<Ident> = Vec::new();
    while !input.is_empty() {
        if let Err(error) = read(table, options, input, &mut seen, errors) {
            errors.push(error);
            until_comma(input);
        } else if !input.is_empty() && !input.peek(Token![,]) {
            let rest = until_comma(input);
            errors.at(
                code::COMMA,
                rest,
                "unexpected after the value of an option",
                "options are separated by commas",
            );
        }
        // At a comma or at the end.
        if input.parse::<Token![,]>().is_err() {
            break;
        }
    }
}

fn read<T>(
    table: &[Entry<T>],
    options: &mut T,
    input: ParseStream<'_>,
    seen: &mut Vec<Ident>,
    errors: &mut Errors,
) -> syn::Result<()> {
    let Ok(option) = input.call(Ident::parse_any) else {
        let known = words::expected_list("", &words(table));
        let help = format!("write `option = value`; {known}");
        return Err(error(
            code::OPTION_FORM,
            input.span(),
            "expected an option",
            help,
        ));
    };
    let entry = match find(table, &option, "option") {
        Ok(entry) => entry,
        // What was meant is read on, so that there is no error about what is not there.
        Err(unknown) => match meant(table, &option) {
            Some(entry) if !seen.iter().any(|word| word == entry.word) => {
                errors.push(unknown);
                let mut others = Errors::default();
                if read_as(entry, options, &option, input, &mut others).is_err() {
                    until_comma(input);
                }
                return Ok(());
            }
            _ => return Err(unknown),
        },
    };
    once(seen, &option)?;
    read_as(entry, options, &option, input, errors)
}

/// The entry that this word is nearly the word of.
pub(crate) fn meant<'t, T>(table: &'t [Entry<T>], word: &Ident) -> Option<&'t Entry<T>> {
    let closest = words::closest(&word.to_string(), &words(table))?;
    table.iter().find(|entry| entry.word == closest)
}

fn read_as<T>(
    entry: &Entry<T>,
    options: &mut T,
    option: &Ident,
    input: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<()> {
    match entry.read {
        Read::Form(read) => read(options, option, input, errors),
        Read::Flag(set) => {
            let given = equals(input, option)?;
            set(options, values::flag(input, option, given)?);
            Ok(())
        }
        Read::Value { example, read } => {
            if input.peek(Token![:]) && !input.peek(Token![::]) {
                // Read on, so that there is no error about what is not there.
                errors.take(equals(input, option));
                input.parse::<Token![:]>()?;
            } else if !equals(input, option)? {
                return Err(no_value(option, example));
            }
            if input.is_empty() || input.peek(Token![,]) {
                return Err(no_value(option, example));
            }
            read(options, input, errors)
        }
    }
}

fn no_value(option: &Ident, example: &str) -> syn::Error {
    error(
        code::OPTION_FORM,
        option.span(),
        format!("`{option}` needs a value"),
        format!("write `{option} = {example}`, for example"),
    )
}

/// Whether there is a `=` behind the option. A colon is for supervisors.
fn equals(input: ParseStream<'_>, option: &Ident) -> syn::Result<bool> {
    if input.peek(Token![:]) {
        let help = format!("write `{option} = ..`");
        return Err(error(code::OPTION_FORM, input.span(), "expected `=`", help));
    }
    Ok(input.parse::<Option<Token![=]>>()?.is_some())
}
