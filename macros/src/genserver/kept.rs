//! What an `async` handler keeps over its `.await`, as far as the tokens of its body tell.
//!
//! Where there is one local and one `.await`, a future that is not `Send` is about that local or about what is awaited, and the error says so in our words.
//! Where there are more, rustc says better which of them it is.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use crate::tokens::is_punct;

/// From where a local is kept, up to where.
#[derive(Clone, Copy)]
pub(crate) struct Kept {
    /// The `let` of the one local.
    pub(crate) from: Span,
    /// The one `await`.
    pub(crate) over: Span,
}

/// What the one local of this method is kept over. `None`: there is not one of each, or the tokens do not tell.
pub(crate) fn in_method(method: TokenStream) -> Option<Kept> {
    let body = method.into_iter().last()?;
    let mut found = Found::default();
    found.look_at(body_of(&body)?)?;
    match (&*found.locals, &*found.awaits) {
        ([from], [over]) => Some(Kept {
            from: *from,
            over: *over,
        }),
        _ => None,
    }
}

/// What is in the braces, which may be a `$body` of a `macro_rules!`.
fn body_of(body: &TokenTree) -> Option<TokenStream> {
    match body {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            body_of(&group.stream().into_iter().next()?)
        }
        _ => None,
    }
}

/// What stands in a body, besides what ends in braces of its own.
#[derive(Default)]
struct Found {
    /// The `let` of each that is bound before anything is awaited.
    locals: Vec<Span>,
    awaits: Vec<Span>,
}

impl Found {
    /// Looks through these tokens. `None`: something in them may wait, or bind, in ways that they do not tell.
    fn look_at(&mut self, tokens: TokenStream) -> Option<()> {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        // Bound by the statement that is looked at; there is no such thing before its end.
        let mut bound = None;
        let mut statement = 0;
        for (place, token) in tokens.iter().enumerate() {
            let before = |count| place.checked_sub(count).and_then(|place| tokens.get(place));
            match token {
                TokenTree::Ident(word) if word == "await" => {
                    keeps_nothing(tokens.iter().take(place).skip(statement))?;
                    self.awaits.push(word.span());
                }
                TokenTree::Ident(word) if word == "async" => return None,
                // What a condition binds ends with the braces behind it.
                TokenTree::Ident(word) if word == "let" && !before(1).is_some_and(in_condition) => {
                    bound = is_bound(tokens.iter().skip(place + 1))?.then(|| word.span());
                }
                TokenTree::Punct(sign) if sign.as_char() == ';' => {
                    statement = place + 1;
                    if self.awaits.is_empty() {
                        self.locals.extend(bound.take());
                    }
                }
                // An attribute: what follows may not be there.
                TokenTree::Punct(sign) if sign.as_char() == '#' => return None,
                TokenTree::Group(group) => {
                    let is_macro = before(1).is_some_and(|sign| is_punct(sign, '!'));
                    if is_macro && before(2).is_some_and(may_wait) {
                        return None;
                    }
                    // Among arguments it would keep what was made of the others.
                    waits_nowhere(group.stream())?;
                    if group.delimiter() == Delimiter::Brace {
                        statement = place + 1;
                    }
                }
                _ => {}
            }
        }
        Some(())
    }
}

/// `None`: something in these tokens waits, or may.
fn waits_nowhere(tokens: TokenStream) -> Option<()> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (place, token) in tokens.iter().enumerate() {
        let before = |count| place.checked_sub(count).and_then(|place| tokens.get(place));
        match token {
            TokenTree::Ident(word) if word == "await" || word == "async" => return None,
            TokenTree::Group(group) => {
                let is_macro = before(1).is_some_and(|sign| is_punct(sign, '!'));
                if is_macro && before(2).is_some_and(may_wait) {
                    return None;
                }
                waits_nowhere(group.stream())?;
            }
            _ => {}
        }
    }
    Some(())
}

/// What the statement of an `.await` has in front of it. `None`: there may be a value that is kept beside what is awaited, as of `1 + wait().await`.
fn keeps_nothing<'a>(before: impl Iterator<Item = &'a TokenTree>) -> Option<()> {
    let (mut last, mut assigned, mut in_types) = (None, false, false);
    for token in before {
        if let TokenTree::Punct(sign) = token {
            match sign.as_char() {
                '.' | ':' | '?' => {}
                '=' if !assigned => assigned = true,
                // `collect::<Vec<_>>()`
                '<' if in_types || last == Some(':') => in_types = true,
                '>' | ',' | '\'' | '&' if in_types => {}
                _ => return None,
            }
            last = Some(sign.as_char());
        } else {
            last = None;
        }
    }
    Some(())
}

/// Whether a condition goes on behind this: `if let`, `&& let`.
fn in_condition(before: &TokenTree) -> bool {
    is_word(before, "if") || is_word(before, "while") || is_punct(before, '&')
}

/// Whether what stands behind a `let` is kept, as of `mut conn = ..` and `conn: Conn = ..`, and not of `_ = ..`. `None`: it is no name, or it is a
/// reference, of which something else has to be `Sync`.
fn is_bound<'a>(behind: impl Iterator<Item = &'a TokenTree>) -> Option<bool> {
    let mut behind = behind.filter(|token| !is_word(token, "mut"));
    let (name, sign) = (behind.next()?, behind.next()?);
    let is_name =
        matches!(name, TokenTree::Ident(_)) && (is_punct(sign, '=') || is_punct(sign, ':'));
    // Not `conn::Conn { id } = ..`, and not `= &self.conn`.
    let next = behind.next()?;
    let is_other = is_punct(next, '&') || is_punct(sign, ':') && is_punct(next, ':');
    (is_name && !is_other).then(|| !is_word(name, "_"))
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// Whether this may be the name of a macro that waits, as `join`: of any but these of the standard library. `if !(..)` has no macro in it.
fn may_wait(name: &TokenTree) -> bool {
    const DO_NOT: &[&str] = &[
        "assert",
        "assert_eq",
        "assert_ne",
        "dbg",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "eprint",
        "eprintln",
        "format",
        "format_args",
        "matches",
        "panic",
        "print",
        "println",
        "todo",
        "unimplemented",
        "unreachable",
        "vec",
        "write",
        "writeln",
    ];
    const WORDS: &[&str] = &["if", "while", "match", "return", "in", "else", "break"];
    matches!(name, TokenTree::Ident(name) if !DO_NOT.iter().chain(WORDS).any(|known| name == known))
}
