//! What an expansion depends on: its tokens, and the place where they stand.

use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

/// The modules that the macros take from the standard library. None leads to a file, a variable, a socket, a process or a clock.
const STD: &[&str] = &["collections", "fmt", "iter", "mem", "ptr", "slice"];
const ROOTS: &[&str] = &["std", "alloc", "proc_macro"];
/// Macros that read.
const READ: &[&str] = &[
    "env",
    "option_env",
    "include",
    "include_bytes",
    "include_str",
];

/// What is named that is not allowed.
fn forbidden(tokens: TokenStream, found: &mut Vec<String>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(it)) if it.as_char() == sign);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => forbidden(group.stream(), found),
            TokenTree::Ident(macro_) if is(at + 1, '!') && READ.contains(&&*macro_.to_string()) => {
                found.push(format!("{macro_}!"));
            }
            TokenTree::Ident(root)
                if ROOTS.contains(&&*root.to_string()) && is(at + 1, ':') && is(at + 2, ':') =>
            {
                // What is generated names `core` alone, and the crate.
                let named = tokens
                    .get(at + 3)
                    .map(ToString::to_string)
                    .unwrap_or_default();
                let allowed = match &*root.to_string() {
                    "std" => STD.contains(&&*named),
                    // Where the tokens stand is known with them.
                    "proc_macro" => ["TokenStream", "is_available", "Span"].contains(&&*named),
                    _ => false,
                };
                if !allowed {
                    found.push(format!("{root}::{named}"));
                }
            }
            _ => {}
        }
    }
}

/// The files of a folder, without those of the tests.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("src/tests") {
            sources(&path, found);
        } else if path.is_file() && !path.ends_with("src/tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path.display().to_string(), text));
        }
    }
}

#[test]
fn m38_the_macros_name_nothing_that_reads() {
    let mut found = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert!(found.len() > 50, "{}", found.len());
    for (path, text) in found {
        let mut named = Vec::new();
        forbidden(text.parse().unwrap(), &mut named);
        assert!(named.is_empty(), "{path} names {named:?}");
    }
    // What is forbidden is found.
    let text =
        "use std::{fs, fmt}; fn f() { std::env::var(\"X\"); include_str!(\"x\"); alloc::x::y }";
    let mut named = Vec::new();
    forbidden(text.parse().unwrap(), &mut named);
    assert_eq!(named.len(), 4, "{named:?}");
}
