//! Expansions as they should be read: `macros/tests/snapshots/*.rs`. `UPDATE_SNAPSHOTS=1` writes them anew.

mod servers;
mod trees;

use std::path::Path;

use proc_macro2::TokenStream;

use super::formatted;

fn compare(name: &str, output: TokenStream) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(name);
    let now = formatted(output);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, now).unwrap();
        return;
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        before == now,
        "{name} differs; run with UPDATE_SNAPSHOTS=1 and read the change\n{now}"
    );
}

fn genserver(name: &str, options: TokenStream, item: TokenStream) {
    let output = crate::genserver::expand(options.clone(), item.clone());
    assert_eq!(
        output.to_string(),
        crate::genserver::expand(options, item).to_string(),
        "the same twice"
    );
    compare(name, output);
}

/// What the page about the expansion shows is what is generated.
#[test]
fn the_page_about_the_expansion_shows_what_is_generated() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/expansion.md")).unwrap();
    let folder = root.join("macros/tests/snapshots");
    let shown = |name: &str| squeezed(&std::fs::read_to_string(folder.join(name)).unwrap());
    let snapshots = [shown("cache.rs"), shown("app.rs")];
    let blocks: Vec<_> = page.split("```rust\n").skip(1).collect();
    assert!(blocks.len() > 8, "{}", blocks.len());
    for block in blocks {
        let (block, _) = block.split_once("```").unwrap();
        // What is left out is a line with two dots.
        for piece in block.split("\n..\n") {
            let piece = squeezed(piece);
            assert!(
                snapshots.iter().any(|snapshot| snapshot.contains(&piece)),
                "no snapshot has\n{piece}"
            );
        }
    }
}

/// Without its white space, and without the comma that the formatter puts behind the last of many lines.
fn squeezed(code: &str) -> String {
    let code: String = code.split_whitespace().collect();
    code.replace(",)", ")").replace(",}", "}")
}
