//! The rules for the options of children.

use proc_macro2::{Ident, TokenStream};

use crate::code;
use crate::diag::Errors;
use crate::supervisor::model::{Form, Supervisor};
use crate::tokens::find_variable;
use crate::values::{self, Shutdown};

/// A significant child ends for good at times, and somebody has to ask for the end that follows.
pub(super) fn significant(supervisor: &mut Supervisor, errors: &mut Errors) {
    let never = match &supervisor.fields.auto_shutdown {
        None => !supervisor.fields.unclear && supervisor.fields.word("auto_shutdown").is_none(),
        Some(kind) => kind == "Never",
    };
    for child in supervisor.fields.children.iter_mut().flatten() {
        let options = &mut child.options;
        let Some(word) = &options.significant_word else {
            continue;
        };
        if options.unclear {
            options.significant = false;
        }
        if !options.significant {
            continue;
        }
        // What restarts a child always is said here, or by the server; a supervisor is permanent unless it is said.
        let permanent = match &options.restart {
            Some(restart) => restart == "Permanent",
            None => matches!(child.form, Form::Inline(_)),
        };
        if permanent {
            errors.at(
                code::SIGNIFICANT_PERMANENT,
                word,
                "a permanent child cannot be significant: it never ends for good",
                "write `restart: transient` or `restart: temporary` beside it",
            );
        } else if never {
            let how =
                "write `auto_shutdown: any_significant`, or `all_significant`, in the supervisor";
            errors.at(
                code::SIGNIFICANT_ALONE,
                word,
                "a significant child needs an automatic shutdown",
                how,
            );
        } else {
            continue;
        }
        options.significant = false;
    }
}

/// What a child's options say is known without the arguments, which have these names.
pub(super) fn constant(supervisor: &mut Supervisor, names: &[Ident], errors: &mut Errors) {
    let krate = supervisor.krate.clone();
    for child in supervisor.fields.children.iter_mut().flatten() {
        let options = &mut child.options;
        let shutdown = options.shutdown.as_ref();
        let shutdown = shutdown.map(|shutdown| shutdown.tokens(&krate));
        if depends(shutdown.as_ref(), names, "shutdown: 10s", errors) {
            options.shutdown = None;
        } else if let Some(word) = options.shutdown.as_ref().and_then(Shutdown::stray_word) {
            errors.push(values::unknown_word(&word, "shutdown", Shutdown::HOW));
            options.shutdown = None;
        }
        if depends(
            options.backoff.as_ref(),
            names,
            "backoff: 100ms..10s",
            errors,
        ) {
            options.backoff = None;
        } else if let Some(word) = options.backoff.as_ref().and_then(values::stray_word) {
            let how = "write `100ms..10s`, or leave it out";
            errors.push(values::unknown_word(&word, "back-off", how));
            options.backoff = None;
        }
    }
}

/// Whether an option mentions an argument, which is an error.
fn depends(
    value: Option<&TokenStream>,
    names: &[Ident],
    example: &str,
    errors: &mut Errors,
) -> bool {
    let value = value.cloned().unwrap_or_default();
    let mut found = names
        .iter()
        .filter_map(|name| find_variable(value.clone(), name));
    let Some(found) = found.next() else {
        return false;
    };
    errors.at(
        code::OPTION_IS_CONSTANT,
        &found,
        format!("an option of a child is a constant, and `{found}` is an argument"),
        format!("write times, as `{example}`, or a constant"),
    );
    true
}
