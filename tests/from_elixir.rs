//! The guide "From Elixir" has each function that Elixir documents, in its tables and in its programs.

use std::collections::{BTreeMap, BTreeSet};

const GUIDE: &str = include_str!("../src/docs/from_elixir.md");
const ELIXIR: &str = include_str!("elixir/functions.txt");
const DEPARTURES: &str = include_str!("../docs/departures.md");

/// By module: its functions, as `name/arity`.
fn elixir() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let modules = ELIXIR.split("\n\n").skip(1);
    modules
        .map(|module| {
            let mut lines = module.lines();
            (lines.next().unwrap(), lines.collect())
        })
        .collect()
}

/// A section of the guide.
#[derive(Default)]
struct Section {
    /// Each function of its table, and what is beside it.
    table: BTreeMap<&'static str, &'static str>,
    /// The comments in its programs.
    comments: Vec<&'static str>,
}

fn guide() -> BTreeMap<&'static str, Section> {
    let mut sections = BTreeMap::new();
    let mut section = &mut Section::default(); // what stands before the first
    let mut in_program = false;
    for line in GUIDE.lines() {
        if line.starts_with("```") {
            assert!(
                in_program || line == "```",
                "a program that is not run: {line}"
            );
            in_program = !in_program;
        } else if in_program {
            section
                .comments
                .extend(line.trim_start().strip_prefix("// "));
        } else if let Some(module) = line.strip_prefix("# ") {
            section = sections.entry(module).or_default();
        } else if let Some(row) = line.strip_prefix("| `") {
            let (functions, ours) = row.split_once("` | ").unwrap();
            for function in functions.split("`, `") {
                assert_eq!(section.table.insert(function, ours), None, "{function}");
            }
        }
    }
    // The others are of no module.
    sections.retain(|_, section: &mut Section| !section.table.is_empty());
    sections
}

#[test]
fn r362_each_function_of_elixirs_is_in_the_guide() {
    let (elixir, guide) = (elixir(), guide());
    assert_eq!(elixir.len(), 9);
    assert_eq!(
        elixir.keys().collect::<Vec<_>>(),
        guide.keys().collect::<Vec<_>>()
    );
    let mut wrong = Vec::new();
    for (module, functions) in elixir {
        let Section { table, comments } = &guide[module];
        let named: BTreeSet<_> = table.keys().copied().collect();
        for missing in functions.difference(&named) {
            wrong.push(format!("{module}.{missing} is not in the guide"));
        }
        for unknown in named.difference(&functions) {
            wrong.push(format!("{module}.{unknown} is not in Elixir"));
        }
        for (function, ours) in table {
            // What is not there, or is no function, has its reason in the departures.
            let elsewhere = ours.starts_with("none") || ours.starts_with("fields");
            let (name, _arity) = function.split_once('/').unwrap();
            let shown = comments.iter().any(|line| {
                line.contains(&format!("{module}.{name}("))
                    || line.trim_start().starts_with(&format!("def {name}("))
            });
            if elsewhere && !ours.contains("](crate::departures)") {
                wrong.push(format!("{module}.{function}: without a departure"));
            }
            if !elsewhere && !shown {
                wrong.push(format!("{module}.{function}: without a line in a program"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn r362_the_guide_cites_departures_that_there_are() {
    let cited = GUIDE.split("[D").skip(1);
    let cited = cited.filter_map(|rest| rest.split_once("](crate::departures)"));
    let numbers: BTreeSet<u32> = cited
        .filter_map(|(number, _)| number.parse().ok())
        .collect();
    assert!(numbers.len() > 5);
    for number in numbers {
        let entry = format!("**D{number}. ");
        assert!(DEPARTURES.contains(&entry), "there is no D{number}");
    }
}
