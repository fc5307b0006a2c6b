//! What the tests share: the compiler that the expected errors are those of, and the cases of `ui/fail`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The compiler that the expected errors were made with.
const RECORDED_WITH: &str = include_str!("../../RUSTC");

/// Whether this is another compiler; says so, then.
pub(crate) fn skipped() -> bool {
    let wanted = RECORDED_WITH.trim();
    let found = rustc_version();
    if found == wanted {
        return false;
    }
    println!("skipped: the expected errors are those of rustc {wanted}, and this is rustc {found}");
    true
}

/// `1.95.0` of `rustc 1.95.0 (59807616e 2026-04-14)`.
fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .arg("--version")
        .output()
        .expect("rustc says its version");
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_owned()
}

/// A case of `ui/fail`.
pub(crate) struct Case {
    pub(crate) group: String,
    pub(crate) name: String,
    /// What the compiler says.
    pub(crate) expected: String,
}

/// All of them.
pub(crate) fn cases() -> Vec<Case> {
    let fail = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/fail");
    let mut all = Vec::new();
    for group in entries(&fail) {
        let cases = entries(&group).into_iter();
        for case in cases.filter(|path| path.extension().is_some_and(|is| is == "rs")) {
            let expected = fs::read_to_string(case.with_extension("stderr"));
            all.push(Case {
                group: name(&group),
                name: name(&case),
                expected: expected.unwrap_or_default(),
            });
        }
    }
    all
}

/// What is in a folder, in the order of the names.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry of it").path())
        .collect();
    paths.sort();
    paths
}

/// A file's name without what it ends with.
pub(crate) fn name(path: &Path) -> String {
    let stem = path.file_stem().expect("a file has a name");
    stem.to_string_lossy().into_owned()
}
