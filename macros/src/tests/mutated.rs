//! Mutated input: the programs of the ui tests and the examples with tokens lost, doubled, swapped, exchanged and wrapped, as many as
//! `SUPTREE_MACRO_INPUTS` says. None of them may make a macro panic or hang; what comes out parses, and is the same each time.
//!
//! A violation is printed with its seed, and `SUPTREE_MACRO_SEED=<it>` plays that one again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::Dice;

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

/// How long an input is, in bytes: many that are short find more than a few that are long.
const MOST: usize = 350;

/// What is mutated, and the tokens that are put in.
struct Corpus {
    /// Those first which are right.
    inputs: Vec<Original>,
    right: usize,
    odd: Vec<TokenTree>,
}

/// An invocation, as it stands in a program.
struct Original {
    input: Input,
    /// Its first tokens.
    tokens: Vec<TokenTree>,
    /// The same in each run.
    key: u64,
}

/// The one that draws highest: with another program in the corpus, a seed deals what it dealt before, unless it deals that program.
fn pick<'a>(among: &'a [Original], dice: &mut Dice) -> &'a Original {
    let salt = dice.next();
    let drawn = among
        .iter()
        .max_by_key(|original| Dice(salt ^ original.key).next());
    drawn.unwrap()
}

impl Corpus {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut files = Vec::new();
        for folder in ["ui-tests/ui", "examples", "tests/macros"] {
            rust_files(&root.join(folder), &mut files);
        }
        // In whatever order the file system gives them, the same inputs have the same seeds.
        files.sort();
        let mut corpus = Self {
            inputs: Vec::new(),
            right: 0,
            odd: odd_tokens(),
        };
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            if let Ok(tokens) = text.parse() {
                corpus.find(tokens);
            }
        }
        let is_wrong = |of: &Original| fault(&of.input, false) != Ok(Outcome::Accepted);
        corpus.inputs.sort_by_cached_key(is_wrong);
        corpus.right = corpus.inputs.partition_point(|of| !is_wrong(of));
        assert!(corpus.inputs.len() > 300 && corpus.right > 50);
        corpus
    }

    /// Takes the invocations that are in these tokens, however deep.
    fn find(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let before = |back: usize| at.checked_sub(back).map(|at| tokens[at].to_string());
            if let TokenTree::Group(group) = token {
                let inside = group.stream();
                if before(1).as_deref() == Some("!") && before(2).as_deref() == Some("supervisor") {
                    self.add(Input::Supervisor(inside.clone()));
                } else if before(1).as_deref() == Some("#")
                    && let Some((word, options)) = options_of(inside.clone())
                {
                    let item = tokens[at + 1..].iter().cloned().collect();
                    match (word.as_str(), first_item(item)) {
                        ("genserver", Some(item)) => self.add(Input::Genserver(options, item)),
                        ("protocol", Some(item)) => self.add(Input::Protocol(options, item)),
                        _ => {}
                    }
                }
                self.find(inside);
            }
        }
    }

    fn add(&mut self, input: Input) {
        let (Input::Genserver(_, tokens) | Input::Protocol(_, tokens) | Input::Supervisor(tokens)) =
            &input;
        if tokens.to_string().len() > MOST {
            return;
        }
        self.inputs.push(Original {
            key: key(&input.text()),
            tokens: tokens.clone().into_iter().take(40).collect(),
            input,
        });
    }

    fn mutated(&self, dice: &mut Dice) -> Input {
        // Half of them from what is right: what is wrong already says little of what is changed in it.
        let from = match dice.below(2) {
            0 => self.right,
            _ => self.inputs.len(),
        };
        let mut input = pick(&self.inputs[..from], dice).input.clone();
        for _ in 0..=dice.below(3) {
            let tokens = match &mut input {
                Input::Genserver(options, _) if dice.below(4) == 0 => options,
                Input::Genserver(_, tokens)
                | Input::Protocol(_, tokens)
                | Input::Supervisor(tokens) => tokens,
            };
            *tokens = self.mutate(tokens.clone(), dice);
        }
        input
    }

    /// Changes something in these tokens, or inside of one of them.
    fn mutate(&self, tokens: TokenStream, dice: &mut Dice) -> TokenStream {
        let mut tokens: Vec<_> = tokens.into_iter().collect();
        if tokens.is_empty() {
            return self.any(dice).into();
        }
        let at = dice.below(tokens.len());
        if let TokenTree::Group(group) = &tokens[at]
            && dice.below(5) > 0
        {
            let inside = self.mutate(group.stream(), dice);
            tokens[at] = Group::new(group.delimiter(), inside).into();
            return tokens.into_iter().collect();
        }
        match dice.below(7) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[at].clone()),
            2 => {
                let next = (at + 1) % tokens.len();
                tokens.swap(at, next);
            }
            3 => tokens.insert(at, self.any(dice)),
            4 => tokens.truncate(at),
            5 => {
                let end = at + 1 + dice.below(tokens.len() - at);
                let inside = tokens.drain(at..end).collect();
                tokens.insert(at, Group::new(delimiter(dice), inside).into());
            }
            _ => tokens[at] = self.any(dice),
        }
        tokens.into_iter().collect()
    }

    fn any(&self, dice: &mut Dice) -> TokenTree {
        let tokens = match dice.below(16) {
            0 => &self.odd,
            _ => &pick(&self.inputs, dice).tokens,
        };
        let drawn = tokens.get(dice.below(tokens.len().max(1)));
        drawn.unwrap_or(&self.odd[0]).clone()
    }
}

/// By FNV-1a: the standard library's own hashes may change with it.
fn key(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |key, byte| {
        (key ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
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

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") {
                rust_files(&path, into);
            }
        } else if path.extension().is_some_and(|is| is == "rs") {
            into.push(path);
        }
    }
}

/// The last word of an attribute's path, and what is in its parentheses.
fn options_of(attribute: TokenStream) -> Option<(String, TokenStream)> {
    let (path, options) = match syn::parse2::<syn::Meta>(attribute).ok()? {
        syn::Meta::Path(path) => (path, TokenStream::new()),
        syn::Meta::List(list) => (list.path, list.tokens),
        syn::Meta::NameValue(_) => return None,
    };
    Some((path.segments.last()?.ident.to_string(), options))
}

/// The tokens up to the end of the item that they begin with.
fn first_item(tokens: TokenStream) -> Option<TokenStream> {
    let first = |input: syn::parse::ParseStream<'_>| {
        let item = input.parse::<syn::Item>()?.into_token_stream();
        input.parse::<TokenStream>()?;
        Ok(item)
    };
    syn::parse::Parser::parse2(first, tokens).ok()
}

/// What is in no program.
fn odd_tokens() -> Vec<TokenTree> {
    let literals = [
        Literal::u64_suffixed(u64::MAX),
        Literal::u128_unsuffixed(u128::MAX),
        Literal::f64_unsuffixed(1e300),
        Literal::string("{id} {"),
        Literal::string(""),
        Literal::byte_string(b"x"),
        Literal::character('\0'),
        Literal::c_string(c"c"),
    ];
    let words = [
        "_", "r#type", "Self", "名前", "é", "crate", "dyn", "unsafe", "yield",
    ];
    let words = words.map(|word| {
        let word = syn::parse_str::<TokenTree>(word);
        word.unwrap_or_else(|_| Ident::new("x", Span::call_site()).into())
    });
    let marks = "#!&:,;<>=-.*?$@|+~^%/".chars();
    let marks = marks.flat_map(|mark| {
        [Spacing::Alone, Spacing::Joint].map(|spacing| Punct::new(mark, spacing).into())
    });
    let groups = DELIMITERS.map(|delimiter| Group::new(delimiter, TokenStream::new()).into());
    literals
        .map(TokenTree::from)
        .into_iter()
        .chain(words)
        .chain(marks)
        .chain(groups)
        .collect()
}

const DELIMITERS: [Delimiter; 4] = [
    Delimiter::Brace,
    Delimiter::Bracket,
    Delimiter::Parenthesis,
    Delimiter::None,
];

fn delimiter(dice: &mut Dice) -> Delimiter {
    DELIMITERS[dice.below(4)]
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
    match syn::parse2::<syn::File>(output) {
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
