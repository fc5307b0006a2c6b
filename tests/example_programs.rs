//! The programs that a newcomer writes on the first days: how long they are in `examples/`, and what they do without.

use std::path::Path;

/// Each with the most lines that its program may have.
const PROGRAMS: &[(&str, usize)] = &[
    ("bank", 84),
    ("chat", 70),
    ("echo", 82),
    ("job_queue", 99),
    ("pool", 86),
    ("pub_sub", 60),
    ("ttl_cache", 60),
];

/// What a server, a timer or a task is there for.
const WITHOUT: [&str; 6] = [
    "tokio::spawn",
    "spawn_blocking",
    "sleep",
    "interval",
    "Mutex",
    "RwLock",
];

fn example(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.rs"));
    std::fs::read_to_string(file).expect("the example is there")
}

/// What stands before the driver, `main`: its lines without blanks, comments and imports.
fn program(text: &str) -> Vec<&str> {
    let (program, _driver) = text
        .split_once("#[tokio::main")
        .expect("each has a `main` that drives it");
    let mut in_import = false;
    let mut lines = Vec::new();
    for line in program.lines() {
        in_import |= line.starts_with("use ");
        let counts = !in_import && !line.trim().is_empty() && !line.trim_start().starts_with("//");
        in_import &= !line.ends_with(';');
        if counts {
            lines.push(line);
        }
    }
    lines
}

#[test]
fn what_counts_as_a_line() {
    let text = "//! What it is.\n\nuse a::b;\nuse c::{\n    d,\n};\n\n/// A doc.\nstruct E; // with a comment\n\n    // One.\nsupervisor! { .. }\n#[tokio::main]\nasync fn main() {}\n";
    assert_eq!(
        program(text),
        ["struct E; // with a comment", "supervisor! { .. }"]
    );
}

#[test]
fn r360_the_programs_of_the_first_days_are_short() {
    let mut long = Vec::new();
    for (name, most) in PROGRAMS {
        let lines = program(&example(name)).len();
        println!("{name}: {lines} of {most}");
        if lines > *most {
            long.push(format!("{name} has {lines} lines, and may have {most}"));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn r361_the_programs_of_the_first_days_do_without_what_servers_are_for() {
    for (name, _) in PROGRAMS {
        let text = example(name);
        for line in program(&text) {
            for word in WITHOUT {
                assert!(!line.contains(word), "{name}: {line}");
            }
        }
        // Its driver may wait, but nothing runs beside it.
        assert!(!text.contains("tokio::spawn"), "{name}");
    }
}
