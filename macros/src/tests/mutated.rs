//! Mutated input: the programs of the ui tests and the examples with tokens lost, doubled, swapped, exchanged and wrapped, as many as
//! `SUPTREE_MACRO_INPUTS` says. None of them may make a macro panic or hang; what comes out parses, and is the same each time.
//!
//! A violation is printed with its seed, and `SUPTREE_MACRO_SEED=<it>` plays that one again.

mod corpus;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use self::corpus::Corpus;
use super::{Dice, expanded};

/// An invocation of a macro.
#[derive(Clone)]
enum Input {
    Genserver(TokenStream, TokenStream),
    Protocol(TokenStream, TokenStream),
    Supervisor(TokenStream),
}

impl Input {
    fn expand(self) -> TokenStream {
        match self {
            Self::Genserver(options, item) => crate::genserver::expand(options, item),
            Self::Protocol(options, item) => crate::protocol::expand(options, item),
            Self::Supervisor(declaration) => {
                crate::supervisor::expand(quote!([::suptree] #declaration))
            }
        }
    }

    /// Whether the compiler would take the code in it that is the user's own.
    fn is_rust(&self) -> bool {
        match self {
            Self::Genserver(_, item) | Self::Protocol(_, item) => {
                syn::parse2::<syn::Item>(item.clone()).is_ok() && !has_odd_groups(item.clone())
            }
            Self::Supervisor(declaration) => bodies_have_expressions(declaration.clone()),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Genserver(options, item) => {
                format!("#[genserver({})] {}", shown(options), shown(item))
            }
            Self::Protocol(options, item) => {
                format!("#[protocol({})] {}", shown(options), shown(item))
            }
            Self::Supervisor(declaration) => format!("supervisor! {{ {} }}", shown(declaration)),
        }
    }
}

/// The tokens, with the groups that cannot be seen.
fn shown(tokens: &TokenStream) -> String {
    let shown = tokens.clone().into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let inside = shown(&group.stream());
            match group.delimiter() {
                Delimiter::Brace => format!("{{ {inside} }}"),
                Delimiter::Bracket => format!("[{inside}]"),
                Delimiter::Parenthesis => format!("({inside})"),
                Delimiter::None => format!("«{inside}»"),
            }
        }
        other => other.to_string(),
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// Whether there is a group that cannot be seen, and nothing else, in another one, or one that is no fragment of a `macro_rules!`. The
/// compiler makes none, and syn does not take every one of them back.
fn has_odd_groups(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| {
        let TokenTree::Group(group) = token else {
            return false;
        };
        let inside: Vec<_> = group.stream().into_iter().collect();
        let only = match &*inside {
            [TokenTree::Group(only)] => only.delimiter() == Delimiter::None,
            _ => false,
        };
        let unseen = group.delimiter() == Delimiter::None;
        unseen && (only || !is_fragment(group.stream())) || has_odd_groups(group.stream())
    })
}

/// Whether a `macro_rules!` can have taken it for one thing.
fn is_fragment(tokens: TokenStream) -> bool {
    syn::parse2::<syn::Type>(tokens.clone()).is_ok()
        || syn::parse2::<syn::Expr>(tokens.clone()).is_ok()
        || syn::parse2::<syn::Visibility>(tokens.clone()).is_ok()
        || syn::parse2::<syn::Item>(tokens).is_ok()
}

/// Whether the bodies of the supervisors do; the parameters before a body are no expressions. The whole may be in a group that
/// cannot be seen.
fn bodies_have_expressions(declaration: TokenStream) -> bool {
    declaration.into_iter().all(|token| match token {
        TokenTree::Group(body) => match body.delimiter() {
            Delimiter::Brace => has_expressions(body.stream()),
            Delimiter::None => bodies_have_expressions(body.stream()),
            Delimiter::Parenthesis | Delimiter::Bracket => true,
        },
        _ => true,
    })
}

/// Whether there are expressions, or nothing, in each pair of parentheses.
fn has_expressions(tokens: TokenStream) -> bool {
    let list = syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
    tokens.into_iter().all(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            syn::parse::Parser::parse2(list, group.stream()).is_ok()
        }
        TokenTree::Group(group) => has_expressions(group.stream()),
        _ => true,
    })
}

/// What is wrong with the expansion of an input. `twice`: also whether it is the same each time.
fn fault(input: &Input, twice: bool) -> Result<Outcome, String> {
    let expand = || catch_unwind(AssertUnwindSafe(|| input.clone().expand()));
    let output = expand().map_err(|_| "the macro panics")?;
    if twice && expand().is_ok_and(|again| again.to_string() != output.to_string()) {
        return Err("the second output is another".into());
    }
    if has_error(output.clone()) {
        return Ok(Outcome::Refused);
    }
    match syn::parse2::<syn::File>(expanded(output)) {
        Ok(_) => Ok(Outcome::Accepted),
        // What the compiler finds in the user's own code is given back to it.
        Err(_) if !input.is_rust() => Ok(Outcome::Refused),
        Err(error) => Err(format!("the output is no Rust, and no error: {error}")),
    }
}

/// Whether there is a `compile_error!` in it, however deep.
fn has_error(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "compile_error",
        TokenTree::Group(group) => has_error(group.stream()),
        _ => false,
    })
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Accepted,
    Refused,
}

/// What came of many inputs.
#[derive(Default)]
struct Played {
    faults: Vec<String>,
    accepted: u64,
    slowest: Duration,
}

impl Played {
    fn play(&mut self, corpus: &Corpus, seed: u64, alone: bool) {
        let input = corpus.mutated(&mut Dice(seed));
        if alone {
            println!("{}", input.text());
        }
        let began = Instant::now();
        match fault(&input, alone || seed.is_multiple_of(32)) {
            Ok(outcome) => self.accepted += u64::from(outcome == Outcome::Accepted),
            Err(fault) => self
                .faults
                .push(format!("seed {seed}: {fault}\nof {}", input.text())),
        }
        self.slowest = self.slowest.max(began.elapsed());
    }

    fn add(&mut self, others: Self) {
        self.faults.extend(others.faults);
        self.accepted += others.accepted;
        self.slowest = self.slowest.max(others.slowest);
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap())
}

#[test]
fn m01_f15_no_input_makes_a_macro_panic_or_hang() {
    let one = number("SUPTREE_MACRO_SEED");
    let seeds = match one {
        Some(seed) => seed..seed + 1,
        None => 0..number("SUPTREE_MACRO_INPUTS").unwrap_or(2000),
    };
    let many = seeds.end - seeds.start;
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let mut played = Played::default();
    let part = |part| {
        let mut played = Played::default();
        let corpus = Corpus::read();
        for seed in seeds.clone().filter(|seed| seed % threads == part) {
            played.play(&corpus, seed, one.is_some());
        }
        played
    };
    let part = &part;
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|number| scope.spawn(move || part(number)))
            .collect();
        for part in parts {
            played.add(part.join().unwrap());
        }
    });
    let Played {
        faults,
        accepted,
        slowest,
    } = played;
    println!("{many} inputs, {accepted} of them accepted; the slowest took {slowest:?}");
    let few: Vec<_> = faults.iter().take(10).map(String::as_str).collect();
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        few.join("\n\n")
    );
    // What is mutated too much, or too little, would find nothing.
    let share = many / 100..many * 9 / 10;
    assert!(
        one.is_some() || share.contains(&accepted),
        "{accepted} of {many} were accepted"
    );
}
