//! The pages of the codes, `docs/errors`: each rule has one, whose wrong program makes the error that it shows, and nothing else.
//! `UPDATE_SNAPSHOTS=1` writes the errors anew.
//!
//! Both programs of a page are compiled in `ui-tests/tests/pages.rs`.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use super::errors;
use crate::code::{self, Code};

/// What a program that is wrong stands behind, and what the macros say of it, and one that is right.
const WRONG: &str = "```rust,compile_fail\n";
const SAID: &str = "```text\n";
const RIGHT: &str = "```rust\n";

#[test]
fn each_rule_has_its_page() {
    let mut seen = Vec::new();
    for &(code, rule) in code::ALL {
        let code = code.to_string();
        assert!(!seen.contains(&code), "{code} stands for two rules");
        let page = std::fs::read_to_string(path(&code));
        let page = page.unwrap_or_else(|error| panic!("docs/errors/{code}.md: {error}"));
        let title = format!("# {code}: {}\n", title(rule));
        assert!(page.starts_with(&title), "{code}.md begins with {title}");
        seen.push(code);
    }
    let of_types = |code: &String| code.starts_with('T');
    let pages: Vec<_> = pages().into_iter().filter(|page| !of_types(page)).collect();
    seen.sort();
    assert_eq!(seen, pages);
}

#[test]
fn each_wrong_program_makes_the_error_of_its_page() {
    let mut broken = Vec::new();
    for (code, _) in code::ALL {
        let path = path(&code.to_string());
        let mut page = std::fs::read_to_string(&path).unwrap();
        let said = said(&expanded(block(&page, WRONG)), *code);
        let shown = block(&page, SAID);
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() && said.starts_with("error: ") {
            page = page.replace(&format!("{SAID}{shown}```"), &format!("{SAID}{said}```"));
            std::fs::write(&path, &page).unwrap();
        } else if shown != said {
            broken.push(format!("{code}: {said}"));
        }
        let right = expanded(block(&page, RIGHT));
        if !right.is_empty() {
            broken.push(format!("{code}, the right program: {right:#?}"));
        }
    }
    assert!(
        broken.is_empty(),
        "run with UPDATE_SNAPSHOTS=1, and read the change\n{}",
        broken.join("\n")
    );
}

/// The errors as a page shows them: of one with its code, what it says before that.
fn said(errors: &[String], code: Code) -> String {
    let page = format!("\npage: docs/errors/{code}.md");
    match errors {
        [error] if error.ends_with(&page) => format!("error: {}\n", error.trim_end_matches(&page)),
        _ => format!("{errors:#?}\n"),
    }
}

/// A rule as a title.
fn title(rule: &str) -> &str {
    rule.trim().trim_end_matches('.')
}

fn path(code: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/errors/{code}.md"))
}

/// The codes that there are pages of, in order.
fn pages() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors");
    let names = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name());
    let mut codes: Vec<_> = names
        .map(|name| name.to_string_lossy().trim_end_matches(".md").to_owned())
        .filter(|name| name != "README")
        .collect();
    codes.sort();
    codes
}

/// What stands between this line and the end of the block.
fn block<'p>(page: &'p str, begin: &str) -> &'p str {
    let (_, block) = page.split_once(begin).unwrap();
    let (block, _) = block.split_once("```").unwrap();
    block
}

/// The errors that the macros of a program make.
fn expanded(program: &str) -> Vec<String> {
    let program: TokenStream = program.parse().unwrap();
    let mut found = Vec::new();
    let tokens: Vec<_> = program.into_iter().collect();
    let mut rest = &*tokens;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after) {
            (TokenTree::Punct(hash), [TokenTree::Group(attribute), item @ ..])
                if hash.as_char() == '#' =>
            {
                let attribute: Vec<_> = attribute.stream().into_iter().collect();
                let [TokenTree::Ident(word), options @ ..] = &*attribute else {
                    continue;
                };
                let expand = match word.to_string().as_str() {
                    "genserver" => crate::genserver::expand,
                    "protocol" => crate::protocol::expand,
                    _ => continue,
                };
                let options = options.iter().map(inside).collect();
                let end = item.iter().position(ends_an_item).unwrap();
                let (item, after) = item.split_at(end + 1);
                found.extend(errors(expand(options, item.iter().cloned().collect())));
                rest = after;
            }
            (TokenTree::Ident(word), [TokenTree::Punct(_), TokenTree::Group(input), ..])
                if word == "supervisor" =>
            {
                let input = input.stream();
                found.extend(errors(crate::supervisor::expand(
                    quote!([::suptree] #input),
                )));
            }
            _ => {}
        }
    }
    found
}

fn inside(token: &TokenTree) -> TokenStream {
    match token {
        TokenTree::Group(group) => group.stream(),
        other => other.clone().into(),
    }
}

fn ends_an_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    }
}
