//! `#[genserver(..)]`: from the tokens in the parentheses to [`Options`], and an error for each that makes no sense.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Path, Visibility};

use crate::code;
use crate::diag::{Errors, error};
use crate::entries::{self, Entry, put};
use crate::genserver::parts::{self, IsPart, Parts};
use crate::protocol::{self, Spoken};
use crate::values::{self, Shutdown};

/// What the user chose; `None` where nothing was said.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) name: Option<Expr>,
    pub(crate) restart: Option<Ident>,
    pub(crate) shutdown: Option<Shutdown>,
    pub(crate) trap_exit: Option<bool>,
    pub(crate) mailbox: Option<Mailbox>,
    /// As it was written, and the variant.
    pub(crate) full: Option<(Ident, Ident)>,
    pub(crate) client: Option<(Visibility, Ident)>,
    /// Of a part: where its server's client type is.
    pub(crate) client_path: Option<Path>,
    pub(crate) krate: Option<TokenStream>,
    pub(crate) inline: Option<Ident>,
    pub(crate) inline_casts: Option<bool>,
    pub(crate) last_message: Option<bool>,
    pub(crate) deadlines: Option<bool>,
    /// An expression of type `Duration`.
    pub(crate) idle: Option<TokenStream>,
    /// The protocols that the server speaks.
    pub(crate) protocols: Option<Vec<Spoken>>,
    /// The block is a part.
    pub(crate) part: Option<IsPart>,
    /// The parts of the server, where the block says that there are any.
    pub(crate) parts: Option<Parts>,
}

/// The options there are.
const OPTIONS: &[Entry<Options>] = &[
    Entry::value("name", "\"cache\"", |options, input, _| {
        put(&mut options.name, values::expression(input).map(ungrouped))
    }),
    Entry::value("restart", "transient", |options, input, _| {
        let read = values::restart(input);
        if read.is_err() {
            // What asks least of the server's arguments, so that no second error follows.
            options.restart = Some(Ident::new("Temporary", Span::call_site()));
        }
        put(&mut options.restart, read)
    }),
    Entry::value("shutdown", "10s", |options, input, _| {
        let shutdown = Shutdown::parse(input)?;
        if let Some(word) = shutdown.stray_word() {
            return Err(values::unknown_word(&word, "shutdown", Shutdown::HOW));
        }
        put(&mut options.shutdown, Ok(shutdown))
    }),
    Entry::flag("trap_exit", |options, on| options.trap_exit = Some(on)),
    Entry::value("idle", "30s", |options, input, _| {
        put(&mut options.idle, values::idle(input))
    }),
    Entry::value("mailbox", "256", |options, input, _| {
        put(&mut options.mailbox, mailbox(input))
    }),
    Entry::value("full", "reject", |options, input, _| {
        put(&mut options.full, full(input))
    }),
    Entry::value("client", "pub MyClient", |options, input, _| {
        let ahead = input.fork();
        if let Ok(path) = ahead.call(Path::parse_mod_style)
            && path.segments.len() > 1
        {
            input.advance_to(&ahead);
            options.client_path = Some(path);
            return Ok(());
        }
        put(&mut options.client, client(input))
    }),
    Entry::value("crate", "::suptree", |options, input, _| {
        put(&mut options.krate, values::crate_path(input))
    }),
    Entry::value("inline", "auto", |options, input, _| {
        put(&mut options.inline, inline(input))
    }),
    Entry::flag("inline_casts", |options, on| {
        options.inline_casts = Some(on);
    }),
    Entry::flag("last_message", |options, on| {
        options.last_message = Some(on);
    }),
    Entry::flag("deadlines", |options, on| options.deadlines = Some(on)),
    Entry::form("part", |options, word, input, errors| {
        put(&mut options.part, parts::is_part(word, input, errors))
    }),
    Entry::form("parts", |options, word, input, errors| {
        put(&mut options.parts, parts::parts(word, input, errors))
    }),
    Entry::form("protocols", |options, word, input, errors| {
        put(&mut options.protocols, protocol::paths(word, input, errors))
    }),
];

/// How many messages may wait.
pub(crate) enum Mailbox {
    /// `unbounded`
    Unbounded,
    /// A number, or an expression of type `usize`.
    Bounded(TokenStream),
}

impl Options {
    /// Reads all options; one that cannot be read is reported and left out.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let parser = |input: ParseStream<'_>| {
            entries::read_all(OPTIONS, &mut options, input, errors);
            Ok(())
        };
        let result = parser.parse2(tokens.clone());
        errors.take(result);
        if options.part.is_some() {
            parts::options_of_a_part(tokens, errors);
        } else if let Some(path) = options.client_path.take() {
            errors.at(code::CLIENT_NAME, path, CLIENT, CLIENT_HOW);
        }
        if let (Some(Mailbox::Unbounded), Some((word, _))) = (&options.mailbox, &options.full) {
            errors.at(
                code::NEVER_FULL,
                word,
                "an unbounded mailbox is never full",
                "give the mailbox a bound, such as `mailbox = 1024`, or leave `full` out",
            );
        }
        options
    }

    /// The path of the facade crate.
    pub(crate) fn krate(&self) -> TokenStream {
        self.krate.clone().unwrap_or_else(|| quote!(::suptree))
    }
}

/// Without the invisible group that a `macro_rules!` has put around `$name`.
fn ungrouped(expression: Expr) -> Expr {
    match expression {
        Expr::Group(group) => ungrouped(*group.expr),
        other => other,
    }
}

const CLIENT: &str = "expected the name of the client type";
const CLIENT_HOW: &str = "write `client = pub MyClient`, for example";

fn client(input: ParseStream<'_>) -> syn::Result<(Visibility, Ident)> {
    let vis = input.parse()?;
    let found = input.span();
    input
        .parse()
        .map(|name| (vis, name))
        .map_err(|_| error(code::CLIENT_NAME, found, CLIENT, CLIENT_HOW))
}

fn mailbox(input: ParseStream<'_>) -> syn::Result<Mailbox> {
    let ahead = input.fork();
    if let Ok(word) = ahead.call(Ident::parse_any) {
        if word == "unbounded" {
            input.parse::<Ident>()?;
            return Ok(Mailbox::Unbounded);
        }
        if word == "infinity" {
            return Err(error(
                code::UNKNOWN_VALUE,
                word.span(),
                "`infinity` is a time, and no number of messages",
                "write `mailbox = unbounded`",
            ));
        }
    }
    let room = values::number(input, "mailbox", 1)?.into_token_stream();
    values::no_stray_word(
        &room,
        "mailbox",
        "write `unbounded`, or a number such as `256`",
    )?;
    Ok(Mailbox::Bounded(room))
}

fn full(input: ParseStream<'_>) -> syn::Result<(Ident, Ident)> {
    const WAYS: &[(&str, &str)] = &[
        ("wait", "Wait"),
        ("reject", "Reject"),
        ("drop_oldest", "DropOldest"),
    ];
    let (word, variant) = values::one_of(input, "way to treat a full mailbox", WAYS)?;
    Ok((word, Ident::new(variant, Span::call_site())))
}

fn inline(input: ParseStream<'_>) -> syn::Result<Ident> {
    const WAYS: &[(&str, &str)] = &[("auto", "Auto"), ("never", "Never"), ("always", "Always")];
    let (_, variant) = values::one_of(input, "way to run in place", WAYS)?;
    Ok(Ident::new(variant, Span::call_site()))
}
