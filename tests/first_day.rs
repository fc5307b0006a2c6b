//! The guide "The first day": what its doctests do not see.

#[expect(dead_code, reason = "its `main` is run as a doctest")]
mod digest;

use std::collections::BTreeMap;

const GUIDE: &str = include_str!("../src/docs/first_day.md");
const MANIFEST: &str = include_str!("../Cargo.toml");

/// The program with tests is the one that is compiled, and whose tests run, in `digest`.
#[test]
fn r363_the_guides_tests_are_run() {
    let (_, program) = include_str!("first_day/digest.rs")
        .split_once("\n\n")
        .expect("a line about it, and the program");
    assert_eq!(program.matches("#[tokio::test").count(), 2);
    assert!(
        GUIDE.contains(&format!("```\n{program}```\n")),
        "tests/first_day/digest.rs is not what the guide has"
    );
}

/// Of the blocks of the guide, all are run but those that are no Rust.
#[test]
fn r363_the_guides_programs_are_all_run() {
    let fences = GUIDE.lines().filter(|line| line.starts_with("```"));
    let begins: Vec<_> = fences.step_by(2).collect();
    assert_eq!(begins[..2], ["```sh", "```toml"]);
    assert!(
        begins[2..].iter().all(|begin| *begin == "```"),
        "{begins:?}"
    );
}

/// The dependencies in a text, with what is behind the `=`.
fn dependencies(text: &str) -> BTreeMap<&str, &str> {
    let lines = text.lines().filter_map(|line| line.split_once(" = "));
    lines.collect()
}

#[test]
fn r363_the_guides_manifest_is_ours() {
    let (_, rest) = GUIDE.split_once("```toml\n[dependencies]\n").unwrap();
    let (manifest, _) = rest.split_once("\n```").unwrap();
    let (needed, for_tests) = manifest.split_once("\n[dev-dependencies]\n").unwrap();
    let needed = dependencies(needed);
    assert_eq!(
        needed.keys().collect::<Vec<_>>(),
        [&"suptree", &"tokio", &"tracing-subscriber"]
    );
    let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(needed["suptree"].contains(&version), "{version}");

    // What the guide asks of the others is what we have.
    let (_, ours) = MANIFEST.split_once("[workspace.dependencies]\n").unwrap();
    let (ours, _) = ours.split_once("\n\n").unwrap();
    let ours = dependencies(ours);
    let others = needed.into_iter().filter(|(name, _)| *name != "suptree");
    for (name, dependency) in others.chain(dependencies(for_tests)) {
        let wanted = dependency.split('"').nth(1).unwrap();
        let has = ours[name].split('"').nth(1).unwrap();
        assert!(has.starts_with(wanted), "{name}: {wanted} is not {has}");
    }
}
