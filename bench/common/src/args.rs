//! The command line of a system's binary: `--work NAME --flavour multi|current [--n N] [--variant NAME]`.

use std::sync::OnceLock;

use crate::flavour::Flavour;

/// What one run of a binary is asked to do.
#[derive(Debug)]
pub struct Args {
    pub work: String,
    pub flavour: Flavour,
    /// How many operations; the workload's own number when absent.
    pub n: Option<u64>,
    /// Another form of the same system, for example a bounded mailbox where the plain form has none.
    pub variant: String,
}

/// The arguments of this process.
///
/// # Panics
///
/// If they are not understood: only the driver writes them.
pub fn args() -> &'static Args {
    static ARGS: OnceLock<Args> = OnceLock::new();
    ARGS.get_or_init(|| parse(std::env::args().skip(1)))
}

fn parse(mut words: impl Iterator<Item = String>) -> Args {
    let mut args = Args {
        work: String::new(),
        flavour: Flavour::Multi,
        n: None,
        variant: String::new(),
    };
    while let Some(key) = words.next() {
        let value = words
            .next()
            .unwrap_or_else(|| panic!("{key} needs a value"));
        match key.as_str() {
            "--work" => args.work = value,
            "--flavour" => args.flavour = value.parse().expect("--flavour"),
            "--n" => args.n = Some(value.parse().expect("--n")),
            "--variant" => args.variant = value,
            _ => panic!("unknown argument {key}"),
        }
    }
    args
}
