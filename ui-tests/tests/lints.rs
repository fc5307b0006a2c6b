//! Generated code is clean by itself: no lint of rustc or clippy says anything of it, and a crate may forbid any of them.
//!
//! `consumers/lints` uses all that the macros take. Its own code breaks some lints, many of which contradict each other; `OWN`
//! lists them. Of what a macro made nothing may be said at all. What a handler allows, it allows for what is made of it.

use std::path::Path;
use std::process::Command;

/// Lints of clippy by its groups; those of rustc come from its help.
const GROUPS: [&str; 5] = [
    "clippy::all",
    "clippy::pedantic",
    "clippy::nursery",
    "clippy::restriction",
    "clippy::cargo",
];

/// What the crate's own code breaks. Everything else is forbidden in it.
const OWN: &[&str] = &[
    // One forbids what another one demands, or they are about the manifest.
    "clippy::blanket_clippy_restriction_lints",
    "clippy::cargo_common_metadata",
    "clippy::implicit_return",
    "clippy::multiple_crate_versions",
    "clippy::missing_docs_in_private_items",
    "clippy::missing_inline_in_public_items",
    "clippy::question_mark_used",
    "clippy::separated_literal_suffix",
    // Style of its handlers.
    "clippy::allow_attributes",
    "clippy::arbitrary_source_item_ordering",
    "clippy::exhaustive_structs",
    "clippy::missing_const_for_fn",
    "clippy::must_use_candidate",
    "clippy::needless_pass_by_ref_mut",
    "clippy::needless_pass_by_value",
    "clippy::unused_self",
    "missing_copy_implementations",
    "unreachable_pub",
    "unused_results",
    // A handler is called by generated code, once. An `allow` on the impl block covers it.
    "clippy::single_call_fn",
];

#[test]
fn m61_no_lint_speaks_of_generated_code() {
    let Some(said) = lint("-W") else { return };
    let wrong: Vec<_> = said
        .iter()
        .filter(|said| said.generated || !OWN.contains(&said.lint.as_str()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(said.len() > 50, "clippy has looked: {said:#?}");
}

#[test]
fn m62_a_crate_may_forbid_any_lint() {
    let Some(said) = lint("-F") else { return };
    let wrong: Vec<_> = said
        .iter()
        .filter(|said| said.generated || !OWN.contains(&said.lint.as_str()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What was said about the crate.
#[derive(Debug)]
#[expect(dead_code, reason = "shown where something is wrong")]
struct Said {
    lint: String,
    /// `line:column`
    at: String,
    /// Of what a macro of ours made.
    generated: bool,
    text: String,
}

/// Lets clippy look at the crate, with every lint at this level. `None`: there is no clippy.
fn lint(level: &str) -> Option<Vec<Said>> {
    if !is_there("clippy") {
        println!("skipped: there is no clippy");
        return None;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = root.join("consumers/lints/Cargo.toml");
    // A folder for each level: cargo keeps what it has said, and the two tests do not wait for each other.
    let target = root
        .join("../target/lints")
        .join(level.trim_start_matches('-'));
    let mut clippy = Command::new(cargo());
    clippy
        .args([
            "clippy",
            "--locked",
            "--quiet",
            "--no-deps",
            "--message-format=json",
        ])
        .arg("--manifest-path")
        .arg(manifest)
        .arg("--target-dir")
        .arg(target)
        .args((level == "-F").then_some("--features=forbidding"))
        .arg("--");
    for lint in rustc_lints(level).iter().map(String::as_str).chain(GROUPS) {
        clippy.args([level, lint]);
    }
    let output = clippy.output().expect("cargo runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let said: Vec<_> = text.lines().filter_map(said).collect();
    assert!(
        !said.is_empty(),
        "nothing said: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(said)
}

fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn is_there(tool: &str) -> bool {
    let asked = Command::new(cargo()).args([tool, "--version"]).output();
    asked.is_ok_and(|output| output.status.success())
}

/// The lints of rustc: those that are off by default; to be forbidden, all that stable Rust has.
fn rustc_lints(level: &str) -> Vec<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["-W", "help"])
        .output()
        .expect("rustc runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let lints = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (name, default) = (words.next()?, words.next()?);
        let wanted: &[&str] = if level == "-W" {
            &["allow"]
        } else {
            &["allow", "warn"]
        };
        wanted.contains(&default).then(|| name.to_owned())
    });
    lints.collect()
}

/// A line of cargo's, if it is a message of the compiler's with a place in the crate.
fn said(line: &str) -> Option<Said> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    let message = line.get("message")?;
    let spans = message.get("spans")?.as_array()?;
    let span = spans.iter().find(|span| span["is_primary"] == true)?;
    let lint = message["code"]["code"].as_str().unwrap_or_default();
    // One that this compiler has behind a feature gate.
    if lint == "unknown_lints" {
        return None;
    }
    let mut generated = false;
    let mut expansion = &span["expansion"];
    while expansion.is_object() {
        let macro_name = expansion["macro_decl_name"].as_str().unwrap_or_default();
        generated |= ["genserver", "supervisor", "__private"]
            .iter()
            .any(|ours| macro_name.contains(ours));
        expansion = &expansion["span"]["expansion"];
    }
    Some(Said {
        lint: message["code"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        at: format!("{}:{}", span["line_start"], span["column_start"]),
        generated,
        text: message["message"].as_str().unwrap_or_default().to_owned(),
    })
}
