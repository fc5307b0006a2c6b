//! What stands in the list of children, in the braces of a child or in those of the supervisor, and belongs elsewhere.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Token, Type, token};

use crate::code;
use crate::diag::{Errors, error};
use crate::entries;
use crate::supervisor::model::{Args, Options};
use crate::supervisor::parse::FIELDS;
use crate::supervisor::parse::child::args;
use crate::supervisor::parse::child_options::{OPTIONS, option};
use crate::supervisor::parse::kind::KEYWORDS;
use crate::tokens::{around, drain, text, until_comma};
use crate::words;

/// An option beside a child, or an entry of the supervisor, stands in the list: `[MyServer, restart: transient]`.
pub(super) fn no_option(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    let Ok(word) = ahead.call(Ident::parse_any) else {
        return Ok(());
    };
    if !ahead.peek(Token![:]) || ahead.peek(Token![::]) {
        return Ok(());
    }
    if let Some(option) = OPTIONS.iter().find(|option| word == option.word) {
        let example = option.example();
        return Err(error(
            code::MISPLACED,
            word.span(),
            format!("`{word}` is an option of a child, and this is the list of children"),
            format!("write it in braces behind the child: `MyServer {{ {example} }}`"),
        ));
    }
    let is_kind = KEYWORDS.iter().any(|kind| word == kind);
    if let Some(entry) = FIELDS.iter().find(|entry| word == entry.word && !is_kind) {
        let example = entry.example();
        return Err(error(
            code::MISPLACED,
            word.span(),
            format!("`{word}` is an entry of the supervisor, and this is the list of children"),
            format!("write it behind the list: `children: [MyServer], {example}`"),
        ));
    }
    Ok(())
}

/// `Counter(1, restart: transient)`: options among the arguments. They are said and read as what is meant; the arguments are the rest.
pub(super) fn options_among_arguments(
    input: ParseStream<'_>,
    ty: &Type,
    options: &mut Options,
    errors: &mut Errors,
) -> syn::Result<Option<Args>> {
    let ahead = input.fork();
    let Ok(TokenTree::Group(group)) = ahead.parse::<TokenTree>() else {
        return Ok(None);
    };
    if group.delimiter() != Delimiter::Parenthesis {
        return Ok(None);
    }
    let split = |input: ParseStream<'_>| Ok(split_options(input));
    let (arguments, found) = split.parse2(group.stream())?;
    if found.is_empty() {
        return Ok(None);
    }
    input.advance_to(&ahead);
    let given = if arguments.is_empty() { "" } else { "(..)" };
    for (word, tokens) in found {
        if is_name(&word) {
            errors.push(no_name_among_arguments(&word));
            continue;
        }
        let value: TokenStream = tokens.clone().into_iter().skip(2).collect();
        errors.push(error(
            code::MISPLACED,
            word.span(),
            format!("`{word}` is an option of a child, and these are its arguments"),
            format!(
                "write it in braces behind them: `{}{given} {{ {word}: {} }}`",
                text(ty),
                text(value)
            ),
        ));
        let read = |input: ParseStream<'_>| {
            let read = option(input, options, &mut Vec::new(), &mut Errors::default());
            drain(input);
            read
        };
        // What is wrong with it besides, is said where it belongs.
        let _ = read.parse2(tokens);
    }
    if arguments.is_empty() {
        return Ok(Some(Args::None));
    }
    let arguments = around(&group, arguments).to_token_stream();
    args.parse2(arguments).map(Some)
}

/// `Counter(1) restart: transient`: said once, and read as what is meant.
pub(super) fn options_without_braces(
    input: ParseStream<'_>,
    ty: &Type,
    options: &mut Options,
    errors: &mut Errors,
) {
    let (mut seen, mut others) = (Vec::new(), Errors::default());
    while let Some(word) = option_word(input) {
        if seen.is_empty() {
            errors.push(error(
                code::MISPLACED,
                word.span(),
                "the options of a child stand in braces",
                format!("write `{} {{ {word}: .. }}`", text(ty)),
            ));
        }
        if option(input, options, &mut seen, &mut others).is_err() {
            until_comma(input);
        }
        let ahead = input.fork();
        if ahead.parse::<Token![,]>().is_err() || option_word(&ahead).is_none() {
            return;
        }
        input.advance_to(&ahead);
    }
}

/// The option that begins here.
fn option_word(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let word = ahead.call(Ident::parse_any).ok()?;
    let is_given = ahead.peek(Token![:]) && !ahead.peek(Token![::]);
    (is_given && OPTIONS.iter().any(|option| word == option.word)).then_some(word)
}

/// What stands in the parentheses of a child: the arguments, and the options with their words.
fn split_options(input: ParseStream<'_>) -> (TokenStream, Vec<(Ident, TokenStream)>) {
    let (mut arguments, mut options) = (TokenStream::new(), Vec::new());
    while !input.is_empty() {
        let ahead = input.fork();
        let word = ahead.call(Ident::parse_any).ok();
        let is_given = ahead.peek(Token![:]) && !ahead.peek(Token![::])
            || ahead.peek(Token![=]) && !ahead.peek(Token![==]);
        let is_ours =
            |word: &Ident| is_name(word) || OPTIONS.iter().any(|option| word == option.word);
        let word = word.filter(|word| is_given && is_ours(word));
        let entry = until_comma(input);
        let comma = input.parse::<Option<Token![,]>>().unwrap_or_default();
        match word {
            Some(word) => options.push((word, entry)),
            None => arguments.extend(quote!(#entry #comma)),
        }
    }
    (arguments, options)
}

/// `Counter { #[cfg(unix)] restart: transient }`: said, and the option is read.
pub(super) fn no_attribute(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
    let attributes = input.call(Attribute::parse_outer)?;
    if let Some(first) = attributes.first() {
        errors.at(
            code::MISPLACED,
            first,
            "an option of a child depends on no condition",
            "write the child twice, each time behind its `#[cfg(..)]` and with its options, or remove it",
        );
    }
    Ok(())
}

/// `Counter { start: 1 }`: no option, and perhaps an argument of a child of this type.
pub(super) fn no_argument_by_name(word: &Ident, ty: &str) -> syn::Error {
    let known = words::expected_list(&word.to_string(), &entries::words(OPTIONS));
    error(
        code::UNKNOWN_OPTION,
        word.span(),
        format!("unknown option `{word}`"),
        format!("{known}; arguments stand in parentheses: `{ty}(..)`"),
    )
}

/// `Counter { 1 }`
pub(super) fn no_argument(at: Span, ty: &str) -> syn::Error {
    error(code::CHILD, at, IN_PARENTHESES, format!("write `{ty}(..)`"))
}

const IN_PARENTHESES: &str = "the arguments of a child stand in parentheses";

/// `Counter[1]`, `Counter: 1`: arguments that are not in parentheses. They are said, and read as what is meant.
pub(super) fn arguments_in_other_signs(
    input: ParseStream<'_>,
    ty: &Type,
    errors: &mut Errors,
) -> syn::Result<Args> {
    let at = input.span();
    let given = if input.peek(token::Bracket) {
        input.parse::<Group>()?.stream()
    } else if input.peek(Token![:]) || input.peek(Token![=]) {
        let sign = input.parse::<TokenTree>()?;
        // `Counter: low`, `Counter: { restart: transient }`
        if input.peek(token::Brace) || input.fork().parse::<Ident>().is_ok() {
            let word = input.fork().parse::<Ident>();
            let ty = text(ty);
            let help = match word {
                Ok(word) => {
                    format!("write `{ty} as {word}` for its name, `{ty}({word})` for an argument")
                }
                Err(_) => format!("write `{ty} {{ .. }}`"),
            };
            let what = format!("unexpected `{sign}` behind a child");
            errors.push(error(code::CHILD, at, what, help));
            if !input.peek(token::Brace) {
                until_comma(input);
            }
            return Ok(Args::Broken);
        }
        up_to_name(input)
    } else {
        return Ok(Args::None);
    };
    let ty = text(ty);
    let help = if given.is_empty() {
        format!("write `{ty}`")
    } else {
        format!("write `{ty}({})`", text(given.clone()))
    };
    errors.push(error(code::CHILD, at, IN_PARENTHESES, help));
    if given.is_empty() {
        return Ok(Args::None);
    }
    let mut group = Group::new(Delimiter::Parenthesis, given);
    group.set_span(at);
    args.parse2(group.into_token_stream())
}

/// What stands before the name of a child, or before its options.
fn up_to_name(input: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    while !input.is_empty()
        && !input.peek(Token![,])
        && !input.peek(Token![as])
        && !input.peek(token::Brace)
    {
        match input.parse::<TokenTree>() {
            Ok(token) => tokens.extend([token]),
            Err(_) => break,
        }
    }
    tokens
}

const NAMED: &str = "write a word behind the child: `MyServer as my_name`; a name that is made of arguments is one of the server: `#[genserver(name = ..)]`";

fn is_name(word: &Ident) -> bool {
    word == "id" || word == "name"
}

/// `Counter(1, name = "low")`
fn no_name_among_arguments(word: &Ident) -> syn::Error {
    let what = "the name of a child is no argument";
    error(code::MISPLACED, word.span(), what, NAMED)
}

/// `Counter { id: low }`: a child is named before its options.
pub(super) fn no_name(word: &Ident) -> syn::Result<()> {
    if !is_name(word) {
        return Ok(());
    }
    Err(error(
        code::MISPLACED,
        word.span(),
        "the name of a child is no option",
        NAMED,
    ))
}

/// `Counter { max_restarts: 1 }`: an entry of the supervisor.
pub(super) fn no_entry(word: &Ident) -> syn::Result<()> {
    let Some(entry) = FIELDS.iter().find(|entry| word == entry.word) else {
        return Ok(());
    };
    if word == "strategy" || word == "children" {
        return Err(error(
            code::MISPLACED,
            word.span(),
            format!("`{word}` is an entry of a supervisor, and these are the options of a child"),
            "a supervisor inside of this one begins with the word: `supervisor MyName { .. }`",
        ));
    }
    Err(error(
        code::MISPLACED,
        word.span(),
        format!("`{word}` is an entry of the supervisor, and these are the options of a child"),
        format!(
            "write it beside the children: `children: [MyServer], {}`",
            entry.example()
        ),
    ))
}

/// `App { restart: transient, .. }`: an option of a child.
pub(super) fn no_option_of_a_child(word: &Ident) -> syn::Result<()> {
    let Some(option) = OPTIONS.iter().find(|option| word == option.word) else {
        return Ok(());
    };
    Err(error(
        code::MISPLACED,
        word.span(),
        format!("`{word}` is an option of a child, and these are the entries of the supervisor"),
        format!(
            "write it in braces behind a child: `MyServer {{ {} }}`",
            option.example()
        ),
    ))
}

/// `App { name: "app", .. }`: the supervisor's name stands before its entries.
pub(super) fn no_name_of_a_supervisor(word: &Ident) -> syn::Result<()> {
    if word != "name" {
        return Ok(());
    }
    Err(error(
        code::MISPLACED,
        word.span(),
        "the name of a supervisor is no entry",
        "write it before the braces, in parentheses: `App(name = \"app\") { .. }`",
    ))
}
