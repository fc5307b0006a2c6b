//! Where the mutated input comes from: the invocations in the project's own programs, and what a seed makes of one.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;

use super::{Input, Outcome, fault};
use crate::tests::Dice;

/// How long an input is, in bytes: many that are short find more than a few that are long.
const MOST: usize = 350;

/// What is mutated, and the tokens that are put in.
pub(super) struct Corpus {
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
    pub(super) fn read() -> Self {
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

    pub(super) fn mutated(&self, dice: &mut Dice) -> Input {
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
