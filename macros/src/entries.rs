//! Words that take a value. A table of them is the one place that says which words there are, what help lists, what an
//! example looks like, and how the value of each is read: a word is in all of it or in nothing.

use proc_macro2::Ident;
use syn::parse::ParseStream;

use crate::diag::{Errors, error};
use crate::words;

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
