//! Helper attributes: from what stands on a method to the role it is given, and an error for a word that was meant so.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Path};

use crate::carry::split_cfg_attr;
use crate::code::{self, Code};
use crate::diag::Errors;
use crate::genserver::args::Options;
use crate::genserver::call_options::CallOptions;
use crate::genserver::parse::Attributes;
use crate::genserver::parts::of_the_whole_server;
use crate::genserver::role::{Hook, Own, Role};
use crate::{tokens, values, words};

/// Splits a method's attributes into those that stay and the role they give it.
pub(crate) fn sort_attributes<'a>(
    attributes: &'a Attributes,
    options: &Options,
    errors: &mut Errors,
) -> (Vec<&'a Attribute>, Option<Given>) {
    let mut kept = Vec::new();
    let mut role: Option<Given> = None;
    // What is refused already gives way, and makes no second error.
    let is_refused = |attribute: &&Attribute| {
        attributes.by_keyword && attribute.path().is_ident("handle_continue")
    };
    let (refused, others) = attributes.all.iter().partition::<Vec<_>, _>(is_refused);
    let is_message = others
        .iter()
        .any(|attribute| matches!(helper(attribute, options), Helper::Yes(Role::Message(_))));
    for attribute in others {
        match helper(attribute, options) {
            Helper::No => kept.push(attribute),
            Helper::Unknown(code, word, what, how) => errors.at(code, word, what, how),
            Helper::Meant(meant, what, how) => {
                errors.at(code::UNKNOWN_ATTRIBUTE, attribute.path(), what, how);
                // What calls the method finds it.
                if role.is_none()
                    && let Role::Message(_) | Role::Own(_) | Role::Hook(Hook::Init) = meant
                {
                    let mut more = Errors::default();
                    let given = options_of(attribute, meant, options, &mut more);
                    role = Some(Given {
                        misnamed: true,
                        ..given
                    });
                }
            }
            Helper::Yes(Role::Hook(Hook::Timeout))
                if is_message && matches!(attribute.meta, syn::Meta::List(_)) =>
            {
                time(attribute, errors);
            }
            Helper::Yes(found) => {
                if options.part.is_some()
                    && let Some((what, how)) = of_the_whole_server(found)
                {
                    errors.at(code::OF_THE_WHOLE_SERVER, attribute.path(), what, how);
                    continue;
                }
                let given = options_of(attribute, found, options, errors);
                match &role {
                    None => role = Some(given),
                    Some(first) => errors.at(
                        code::TWO_ROLES,
                        attribute.path(),
                        format!("this method is already `#[{}]`", first.role.word()),
                        "a method has one role; remove one of the two attributes",
                    ),
                }
            }
        }
    }
    if let Some(refused) = refused.first().filter(|_| options.part.is_none()) {
        role = role.or_else(|| Some(options_of(refused, CONTINUE, options, errors)));
    }
    (kept, role)
}

/// What `#[continue]` was meant for.
const CONTINUE: Role = Role::Own(Own::Continue);

/// `#[genserver]` a second time is reported and taken away: it would make everything twice.
pub(crate) fn stands_once(attributes: &mut Vec<Attribute>, options: &Options, errors: &mut Errors) {
    attributes.retain(|attribute| {
        let path = attribute.path();
        let word = path.segments.last().map(|segment| &segment.ident);
        let again = word.is_some_and(|word| word == "genserver")
            && (path.get_ident().is_some() || is_ours(path, options));
        if again {
            errors.at(
                code::GIVEN_TWICE,
                path,
                "`#[genserver]` is given twice",
                "write one, with the options of both",
            );
        }
        !again
    });
}

/// An item that is not read, without our attributes on what is directly in its braces: rustc does not know them.
pub(crate) fn without_roles(item: TokenStream) -> TokenStream {
    tokens::in_braces(item, without_ours)
}

fn without_ours(tokens: TokenStream) -> TokenStream {
    let mut kept = TokenStream::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        if matches!(&token, TokenTree::Punct(hash) if hash.as_char() == '#')
            && let Some(TokenTree::Group(group)) = rest.peek()
            && group.delimiter() == Delimiter::Bracket
            && Path::parse_mod_style
                .parse2(path_of(group.stream()))
                .is_ok_and(|path| is_a_role(&path))
        {
            rest.next();
            continue;
        }
        kept.extend([token]);
    }
    kept
}

/// What stands in `#[..]`, up to its options.
fn path_of(attribute: TokenStream) -> TokenStream {
    let is_path = |token: &TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        TokenTree::Group(_) | TokenTree::Literal(_) => false,
    };
    attribute.into_iter().take_while(is_path).collect()
}

fn is_a_role(path: &Path) -> bool {
    let word = path
        .segments
        .last()
        .map(|last| last.ident.unraw().to_string());
    let is_plain = path.segments.len() == 1 || is_ours(path, &Options::default());
    is_plain && word.is_some_and(|word| Role::from_word(&word).is_some())
}

/// The role that a method is given.
pub(crate) struct Given {
    pub(crate) role: Role,
    /// Of an `#[every]`, where it could be read.
    pub(crate) period: Option<TokenStream>,
    /// Of a handler of messages.
    pub(crate) call: CallOptions,
    /// By a word that is not ours, which was reported: the method is not looked at any further.
    pub(crate) misnamed: bool,
}

/// What stands in the parentheses of a helper attribute: the options of a handler of messages, the period of `#[every]`, and
/// nothing for all others.
fn options_of(attribute: &Attribute, role: Role, options: &Options, errors: &mut Errors) -> Given {
    let mut given = Given {
        role,
        period: None,
        call: CallOptions::default(),
        misnamed: false,
    };
    match role {
        Role::Message(message) => given.call = CallOptions::parse(attribute, message, errors),
        Role::Hook(Hook::Timeout) if matches!(attribute.meta, syn::Meta::List(_)) => {
            time(attribute, errors);
            given.call.of_calls = true;
        }
        Role::Own(Own::Every) => given.period = period(attribute, options, errors),
        Role::Own(Own::Continue) | Role::Hook(_) => no_options(attribute, role, errors),
    }
    given
}

fn no_options(attribute: &Attribute, role: Role, errors: &mut Errors) {
    if matches!(attribute.meta, syn::Meta::Path(_)) {
        return;
    }
    let word = role.word();
    errors.at(
        code::HANDLER_OPTIONS,
        &attribute.meta,
        format!("`#[{word}]` takes no options"),
        format!("write `#[{word}]`"),
    );
}

/// `#[timeout(30s)]`
fn time(attribute: &Attribute, errors: &mut Errors) {
    errors.at(
        code::HANDLER_OPTIONS,
        &attribute.meta,
        "`#[timeout]` takes no options",
        "write `#[call(timeout = 30s)]` for how long a caller waits, and `#[genserver(idle = 30s)]` for when a `#[timeout]` handler runs",
    );
}

/// The period of an `#[every]`.
fn period(attribute: &Attribute, options: &Options, errors: &mut Errors) -> Option<TokenStream> {
    match &attribute.meta {
        syn::Meta::List(list) if !list.tokens.is_empty() => {
            let period = |input: ParseStream<'_>| values::period(input, &options.krate());
            errors.take(period.parse2(list.tokens.clone()))
        }
        meta => {
            errors.at(
                code::PERIOD,
                meta,
                "`#[every]` needs a period",
                "write `#[every(60s)]`, for example; there are `ms`, `s`, `m` and `h`, and any expression of type `Duration`",
            );
            None
        }
    }
}

enum Helper {
    Yes(Role),
    No,
    /// A word that was meant for a role of ours, with what is wrong with it, and how it is put right.
    Meant(Role, String, String),
    /// A word that was meant for us, with the rule's code, what is wrong with it, and how it is put right.
    Unknown(Code, Path, String, String),
}

fn helper(attribute: &Attribute, options: &Options) -> Helper {
    let path = attribute.path();
    let Some(word) = path
        .segments
        .last()
        .map(|segment| segment.ident.unraw().to_string())
    else {
        return Helper::No;
    };
    if word == "cfg_attr" {
        return conditional(attribute);
    }
    if path.segments.len() > 1 && !is_ours(path, options) {
        return Helper::No;
    }
    if let Some(role) = Role::from_word(&word) {
        return Helper::Yes(role);
    }
    let unknown = format!("unknown attribute `#[{word}]`");
    if let Some((_, ours)) = words::HELPER_ALIASES
        .iter()
        .find(|(theirs, _)| *theirs == word)
    {
        let how = format!("under `#[genserver]` it is `#[{ours}]`");
        return match Role::from_word(ours) {
            Some(role) => Helper::Meant(role, unknown, how),
            None => Helper::Unknown(code::UNKNOWN_ATTRIBUTE, path.clone(), unknown, how),
        };
    }
    if words::LATER_HELPERS.contains(&word.as_str()) {
        let how = format!(
            "it arrives in a later release; there are {}",
            list_of_helpers()
        );
        return Helper::Unknown(
            code::UNKNOWN_ATTRIBUTE,
            path.clone(),
            format!("`#[{word}]` is not there yet"),
            how,
        );
    }
    let roles = Role::words();
    let close = words::closest(&word, &roles).filter(|_| !words::BUILT_IN.contains(&&*word));
    let how = || words::expected_list(&word, &roles);
    match close.and_then(Role::from_word) {
        Some(role) => Helper::Meant(role, unknown, how()),
        None if path.segments.len() > 1 => {
            Helper::Unknown(code::UNKNOWN_ATTRIBUTE, path.clone(), unknown, how())
        }
        None => Helper::No,
    }
}

fn list_of_helpers() -> String {
    Role::words().map(|word| format!("`#[{word}]`")).join(", ")
}

/// Whether a path is `suptree::…`, or begins with the `crate = ..` that was given.
fn is_ours(path: &Path, options: &Options) -> bool {
    let text = |tokens: TokenStream| {
        tokens
            .to_string()
            .replace(' ', "")
            .trim_start_matches("::")
            .to_owned()
    };
    let path = text(path.to_token_stream());
    let prefix = path.rsplit_once("::").map_or("", |(prefix, _)| prefix);
    prefix == "suptree" || prefix == text(options.krate())
}

/// `#[cfg_attr(.., call)]`: which methods are handlers has to be known here.
fn conditional(attribute: &Attribute) -> Helper {
    let metas = split_cfg_attr(&attribute.meta)
        .map(|(_, metas)| metas)
        .unwrap_or_default();
    for meta in metas {
        let word = meta
            .path()
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default();
        if meta.path().get_ident().is_some() && Role::from_word(&word).is_some() {
            let what = format!("`#[{word}]` cannot be conditional");
            return Helper::Unknown(
                code::CONDITIONAL_ROLE,
                meta.path().clone(),
                what,
                "put `#[cfg(..)]` on the method instead".to_owned(),
            );
        }
    }
    Helper::No
}
