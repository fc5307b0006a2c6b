//! The pages of the codes, `docs/errors`: both programs of each are compiled. The wrong one makes one error, which is the one that the
//! page shows, and leads to the page; the right one makes none.
//!
//! Each error of ours in `ui/fail` leads to a page, and each page to a case there. That a page is there for each rule of the macros is
//! tested beside them. `UPDATE_SNAPSHOTS=1` writes the errors of types anew.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::{Case, cases, entries, name, skipped};

/// A page: its code, its rule, the two programs, and what the wrong one prints.
struct Page {
    code: String,
    rule: String,
    wrong: String,
    error: String,
    right: String,
}

impl Page {
    fn is_of_types(&self) -> bool {
        self.code.starts_with('T')
    }

    /// Shows the first line of this error.
    fn write(&self, error: &Said) {
        let path = docs().join(format!("{}.md", self.code));
        let text = fs::read_to_string(&path).expect("a page");
        let line = error.text.lines().next().unwrap_or_default();
        let text = text.replace(
            &format!("```text\n{}\n```", self.error),
            &format!("```text\n{line}\n```"),
        );
        fs::write(path, text).expect("a page");
    }
}

#[test]
fn each_wrong_program_makes_the_error_of_its_page() {
    if skipped() {
        return;
    }
    let pages = pages();
    let programs = pages
        .iter()
        .map(|page| (page.code.clone(), page.wrong.clone()));
    let mut said = compiled("wrong", programs);
    let mut broken = Vec::new();
    for page in &pages {
        let errors = said.remove(&page.code.to_lowercase()).unwrap_or_default();
        let leads = format!("page: docs/errors/{}.md", page.code);
        let [error] = &*errors else {
            broken.push(format!("{}: {errors:#?}", page.code));
            continue;
        };
        let updates = page.is_of_types() && std::env::var_os("UPDATE_SNAPSHOTS").is_some();
        if updates {
            page.write(error);
        }
        let shown = updates || error.text.starts_with(&page.error);
        if error.pages() != [&*leads] || !shown {
            broken.push(format!("{}: {error:#?}", page.code));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_right_programs_compile() {
    let mut all = String::new();
    for page in pages() {
        writeln!(all, "mod {} {{\n{}}}", page.code.to_lowercase(), page.right).expect("a text");
    }
    let errors = compiled("right", [("right".to_owned(), all)]);
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_index_and_the_docs_have_each_page() {
    let index = fs::read_to_string(docs().join("README.md")).expect("the index");
    let rows: Vec<_> = index
        .lines()
        .filter(|line| line.starts_with("| ["))
        .collect();
    let pages = pages();
    let expected = pages.iter().map(|page| {
        let Page { code, rule, .. } = page;
        format!("| [{code}]({code}.md) | {rule} |")
    });
    assert_eq!(rows, expected.collect::<Vec<_>>());

    let docs = fs::read_to_string(root().join("src/errors.rs")).expect("the module of the pages");
    let listed: Vec<_> = docs
        .split_whitespace()
        .filter(|word| is_code(word))
        .collect();
    let codes: Vec<_> = pages.iter().map(|page| page.code.as_str()).collect();
    assert_eq!(listed, codes);
}

#[test]
fn what_is_said_of_types_leads_to_a_page() {
    let mut named = Vec::new();
    for source in sources(&root().join("core/src")) {
        for said in source.split("#[diagnostic::on_unimplemented(").skip(1) {
            let (said, _) = said.split_once("\n)]").expect("its end");
            let last = said.lines().last().unwrap_or_default();
            assert!(last.contains("note = \"page: docs/errors/"), "{said}");
        }
        named.extend(codes_in(&source));
    }
    let pages = pages();
    for page in &pages {
        assert!(
            !page.is_of_types() || named.contains(&page.code),
            "{}",
            page.code
        );
    }
    for code in named {
        assert!(
            pages.iter().any(|page| page.code == code),
            "{code} has no page"
        );
    }
}

#[test]
fn each_error_of_ours_in_a_case_leads_to_a_page() {
    let said = messages();
    let mut broken = Vec::new();
    let mut seen = Vec::new();
    for Case {
        group,
        name,
        expected,
    } in cases()
    {
        for error in expected.split("\nerror") {
            let error = error.strip_prefix("error").unwrap_or(error);
            let (title, rest) = error.split_once('\n').unwrap_or((error, ""));
            let help = title.starts_with(": ") && rest.trim_start().starts_with("help: ");
            let in_our_words = || {
                let title = title.split_once("]: ").unwrap_or_default().1;
                said.iter().any(|message| fits(message, title))
            };
            let panicked = title.starts_with("[E0080]: evaluation panicked");
            if (help || panicked || in_our_words()) && codes_in(error).count() != 1 {
                broken.push(format!("{group}/{name}: {title}"));
            }
        }
        seen.extend(codes_in(&expected));
    }
    let pages = pages();
    let unseen = pages.iter().filter(|page| !seen.contains(&page.code));
    broken.extend(unseen.map(|page| format!("no case leads to {}", page.code)));
    assert!(broken.is_empty(), "{broken:#?}");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn docs() -> PathBuf {
    root().join("docs/errors")
}

/// All pages, by their codes.
fn pages() -> Vec<Page> {
    let paths = entries(&docs())
        .into_iter()
        .filter(|path| is_code(&name(path)));
    paths.map(|path| page(&path)).collect()
}

fn page(path: &Path) -> Page {
    let text = fs::read_to_string(path).expect("a page");
    let code = name(path);
    let title = text.lines().next().unwrap_or_default();
    let rule = title.strip_prefix(&format!("# {code}: "));
    let sections: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("# ") || line.starts_with("## "))
        .collect();
    assert!(rule.is_some(), "{code} has the title {title}");
    assert_eq!(sections, [title, "## Wrong", "## Right"], "{code}");
    let block = |begin: &str| {
        let (block, _) = text
            .split_once(&format!("\n```{begin}\n"))
            .and_then(|(_, block)| block.split_once("```"))
            .unwrap_or_else(|| panic!("{code} has no block of {begin}"));
        block.to_owned()
    };
    Page {
        rule: rule.unwrap_or_default().to_owned(),
        wrong: block("rust,compile_fail"),
        error: block("text").trim_end().to_owned(),
        right: block("rust"),
        code,
    }
}

/// `G012`
fn is_code(word: &str) -> bool {
    let digits = word.strip_prefix(['G', 'P', 'S', 'T', 'V']);
    digits.is_some_and(|digits| digits.len() == 3 && digits.parse::<u16>().is_ok())
}

/// The codes of the pages that a text leads to.
fn codes_in(text: &str) -> impl Iterator<Item = String> {
    let pages = text.split("page: docs/errors/").skip(1);
    pages.map(|page| page.chars().take(4).collect())
}

/// The files of a folder, and those of the folders in it.
fn sources(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            all.extend(sources(&path));
        } else {
            all.push(fs::read_to_string(&path).expect("a source"));
        }
    }
    all
}

/// What `core` says of types, with `{Self}` and the like in it.
fn messages() -> Vec<String> {
    let sources = sources(&root().join("core/src"));
    let lines = sources.iter().flat_map(|source| source.lines());
    let messages = lines.filter_map(|line| line.trim().strip_prefix("message = \""));
    messages
        .map(|message| message.trim_end_matches("\",").to_owned())
        .collect()
}

/// Whether this text is the message with something in the place of each `{..}`.
fn fits(message: &str, mut text: &str) -> bool {
    let mut pieces = message.split('{').map(|piece| piece.rsplit('}').next());
    let begin = pieces.next().flatten().unwrap_or_default();
    let Some(rest) = text.strip_prefix(begin) else {
        return false;
    };
    text = rest;
    for piece in pieces.flatten() {
        let Some((_, rest)) = text.split_once(piece) else {
            return false;
        };
        text = rest;
    }
    text.is_empty()
}

/// An error of the compiler's.
#[derive(Debug)]
struct Said {
    /// As it is printed: `error[E0277]: ..`
    text: String,
    /// Its notes and helps.
    beside: Vec<String>,
}

impl Said {
    fn is_warning(&self) -> bool {
        self.text.starts_with("warning")
    }

    /// The pages that it leads to.
    fn pages(&self) -> Vec<&str> {
        let texts = std::iter::once(&self.text).chain(&self.beside);
        let lines = texts.flat_map(|text| text.lines());
        lines.filter(|line| line.starts_with("page: ")).collect()
    }
}

/// Checks programs as a user's crate, each by itself, and gives the errors of those that have some.
fn compiled(
    package: &str,
    programs: impl IntoIterator<Item = (String, String)>,
) -> BTreeMap<String, Vec<Said>> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("..");
    let folder = target.join("tests/pages").join(package);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src/bin")).expect("a folder");
    for (name, program) in programs {
        let path = folder.join(format!("src/bin/{}.rs", name.to_lowercase()));
        fs::write(path, format!("{program}\nfn main() {{}}\n")).expect("a program");
    }
    let suptree = root();
    let manifest = format!(
        "[package]\nname = \"{package}\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nsuptree.path = {suptree:?}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["check", "--offline", "--quiet", "--keep-going"])
        .args(["--bins", "--message-format=json", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target.join("tests/pages/target"))
        .output()
        .expect("cargo runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let end = "\"reason\":\"build-finished\"";
    assert!(
        text.contains(end),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut errors = BTreeMap::<_, Vec<Said>>::new();
    for (program, said) in text.lines().filter_map(said) {
        let errors = errors.entry(program).or_default();
        match errors.last_mut() {
            Some(error) if said.is_warning() => error.beside.push(said.text),
            _ => errors.push(said),
        }
    }
    errors
}

/// A line of cargo's, if it is an error of the compiler's with a place in a program, or a warning that explains one.
fn said(line: &str) -> Option<(String, Said)> {
    let line: Value = serde_json::from_str(line).ok()?;
    let message = line.get("message")?;
    let explains = || codes_in(message["message"].as_str().unwrap_or_default()).count() > 0;
    let is_meant = message["level"] == "error" || explains();
    if !is_meant || message["spans"].as_array()?.is_empty() {
        return None;
    }
    let program = line["target"]["name"].as_str()?.to_owned();
    let level = message["level"].as_str()?;
    let code = message["code"]["code"].as_str();
    let code = code.map(|code| format!("[{code}]")).unwrap_or_default();
    let text = |message: &Value| message["message"].as_str().unwrap_or_default().to_owned();
    let said = Said {
        text: format!("{level}{code}: {}", text(message)),
        beside: message["children"].as_array()?.iter().map(text).collect(),
    };
    Some((program, said))
}
