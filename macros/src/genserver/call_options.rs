//! `#[call(..)]`, `#[cast(..)]`, `#[info(..)]`: from the tokens in the parentheses to [`CallOptions`].

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Meta};

use crate::code;
use crate::diag::Errors;
use crate::entries::{self, Entry, put};
use crate::genserver::role::Message;
use crate::{naming, values};

/// What a handler of messages says of itself; `None` where nothing was said.
#[derive(Default)]
pub(crate) struct CallOptions {
    /// How long callers wait unless they say otherwise: an expression of type `Option<Duration>`.
    pub(crate) timeout: Option<TokenStream>,
    /// What the handler returns is a future, which runs beside the server.
    pub(crate) task: Option<Ident>,
    /// The handler blocks: it runs in a thread for such.
    pub(crate) blocking: Option<Ident>,
    /// It is no call, and has options of one, which was reported: what returns something was meant for one.
    pub(crate) of_calls: bool,
}

/// The same, as they are read.
#[derive(Default)]
struct Read {
    timeout: Option<TokenStream>,
    task: bool,
    blocking: bool,
}

const TIMEOUT: Entry<Read> = Entry::value("timeout", "30s", |options, input, _| {
    put(&mut options.timeout, values::timeout(input))
});
const TASK: Entry<Read> = Entry::flag("task", |options, on| options.task = on);
const BLOCKING: Entry<Read> = Entry::flag("blocking", |options, on| options.blocking = on);

/// The options of a call.
const CALL: &[Entry<Read>] = &[TIMEOUT, TASK, BLOCKING];
/// Those of what nobody waits for.
const SENT: &[Entry<Read>] = &[BLOCKING];

impl CallOptions {
    /// Reads the options of a handler; one that cannot be read is reported and left out.
    pub(crate) fn parse(attribute: &Attribute, message: Message, errors: &mut Errors) -> Self {
        let word = message.word();
        let list = match &attribute.meta {
            Meta::Path(_) => return Self::default(),
            Meta::List(list) => list,
            meta @ Meta::NameValue(_) => {
                errors.at(
                    code::HANDLER_OPTIONS,
                    meta,
                    format!("the options of a {word} stand in parentheses"),
                    match message {
                        Message::Call => "write `#[call(timeout = 30s)]`, for example".to_owned(),
                        Message::Cast | Message::Info => format!("write `#[{word}(blocking)]`"),
                    },
                );
                return Self::default();
            }
        };
        let table = match message {
            Message::Call => CALL,
            Message::Cast | Message::Info => SENT,
        };
        let callers = |word: &Ident| word == "timeout" || word == "task";
        if message != Message::Call
            && let Some(option) = find(&list.tokens, callers)
        {
            errors.at(
                code::OPTION_OF_CALLS,
                &option,
                format!("`{option}` is for calls"),
                format!("nobody waits for the reply of a `#[{word}]`: make it a `#[call]`, or remove `{option}`"),
            );
            return Self {
                of_calls: true,
                ..Self::default()
            };
        }
        let mut read = Read::default();
        let parser = |input: ParseStream<'_>| {
            entries::read_all(table, &mut read, input, errors);
            Ok(())
        };
        let result = parser.parse2(naming::plain(list.tokens.clone()));
        errors.take(result);
        let word = |on: bool, word: &str| {
            on.then(|| find(&list.tokens, |found| found == word))
                .flatten()
        };
        Self {
            timeout: read.timeout,
            task: word(read.task, "task"),
            blocking: word(read.blocking, "blocking"),
            of_calls: false,
        }
    }
}

/// The first of these words.
fn find(tokens: &TokenStream, is: impl Fn(&Ident) -> bool) -> Option<Ident> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(word) if is(&word) => Some(word),
        _ => None,
    })
}
