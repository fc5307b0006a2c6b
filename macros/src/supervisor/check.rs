//! The rules for a supervisor: from the model to errors. What breaks a rule is taken out, so that no second error follows.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;

use crate::diag::Errors;
use crate::supervisor::model::{Form, Supervisor};
use crate::tokens::{text, uses_variable};
use crate::types;

/// Reports every broken rule.
pub(crate) fn check(supervisor: &mut Supervisor, errors: &mut Errors) {
    inside(supervisor, &mut Vec::new(), &[], errors);
}

/// The same, for a supervisor inside of these, which have arguments and children of these names.
fn inside(
    supervisor: &mut Supervisor,
    outer: &mut Vec<Ident>,
    names: &[Ident],
    errors: &mut Errors,
) {
    let mut names = names.to_vec();
    names.extend(supervisor.params.iter().map(|(name, _)| name.clone()));
    kind(supervisor, &names, errors);
    name(supervisor, errors);
    outer.push(supervisor.ident.clone());
    itself(supervisor, outer, errors);
    ids(supervisor, errors);
    significant(supervisor, errors);
    names.extend(supervisor.children().iter().map(|child| child.id.clone()));
    for child in supervisor.fields.children.iter_mut().flatten() {
        if let Form::Inline(inner) = &mut child.form {
            inside(inner, outer, &names, errors);
        }
    }
    outer.pop();
}

/// A significant child ends for good at times, and somebody has to ask for the end that follows.
fn significant(supervisor: &mut Supervisor, errors: &mut Errors) {
    let never = match &supervisor.fields.auto_shutdown {
        None => !supervisor.fields.unknown && supervisor.fields.word("auto_shutdown").is_none(),
        Some(kind) => kind == "Never",
    };
    for child in supervisor.fields.children.iter_mut().flatten() {
        let options = &mut child.options;
        let Some(word) = &options.significant_word else {
            continue;
        };
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
                word,
                "a permanent child cannot be significant: it never ends for good",
                "write `restart: transient` or `restart: temporary` beside it",
            );
        } else if never {
            let how =
                "write `auto_shutdown: any_significant`, or `all_significant`, in the supervisor";
            errors.at(word, "a significant child needs an automatic shutdown", how);
        } else {
            continue;
        }
        options.significant = false;
    }
}

/// No supervisor stands in itself: it would start for ever.
fn itself(supervisor: &mut Supervisor, outer: &[Ident], errors: &mut Errors) {
    let Some(children) = &mut supervisor.fields.children else {
        return;
    };
    children.retain(|child| {
        let (at, found) = match &child.form {
            Form::Type { ty, .. } => {
                let found = outer.iter().find(|outer| types::is_ident(ty, outer));
                (ty.to_token_stream(), found)
            }
            Form::Inline(inner) => {
                let found = outer.iter().find(|outer| inner.ident == **outer);
                (inner.ident.to_token_stream(), found)
            }
            Form::Task(_) | Form::Spec(_) => return true,
        };
        if let Some(found) = found {
            let what = format!("the supervisor `{found}` stands inside of itself");
            errors.at(at, what, "its start would never end; remove it");
        }
        found.is_none()
    });
}

/// Children by a list, or dynamic ones: not both, and not neither.
fn kind(supervisor: &mut Supervisor, names: &[Ident], errors: &mut Errors) {
    let fields = &supervisor.fields;
    if fields.word("dynamic").is_some() {
        for field in ["strategy", "auto_shutdown", "children"] {
            if let Some(word) = fields.word(field) {
                let what = format!("a dynamic supervisor has no `{field}`");
                errors.at(
                    word,
                    what,
                    "its children are started by `start_child`, and fall one for one; remove it",
                );
            }
        }
        extra_arguments(supervisor, names, errors);
        types_twice(supervisor, errors);
        return;
    }
    if let Some(word) = fields.word("extra_arguments") {
        errors.at(
            word,
            "`extra_arguments` are for dynamic supervisors",
            "remove it, and write each child with its arguments: `MyServer(config)`",
        );
    }
    if let Some(word) = fields.word("max_children") {
        errors.at(
            word,
            "`max_children` is for dynamic supervisors",
            "remove it, or write `dynamic: MyServer` for children",
        );
    }
    if fields.unknown {
        return;
    }
    if fields.word("children").is_none() {
        let what = format!("`{}` has no children", supervisor.ident);
        errors.at(
            &supervisor.ident,
            what,
            "write `children: [MyServer]`, or `dynamic: MyServer`",
        );
    } else if fields.word("strategy").is_none() {
        let what = format!("`{}` has no strategy", supervisor.ident);
        errors.at(&supervisor.ident, what, "write `strategy: one_for_one`");
    }
}

/// What a dynamic supervisor takes goes to its children, and is all they get from it.
fn extra_arguments(supervisor: &mut Supervisor, names: &[Ident], errors: &mut Errors) {
    // A list that cannot be read is an error already.
    let given = supervisor.fields.extra_arguments.is_some()
        || supervisor.fields.word("extra_arguments").is_none();
    let extra = supervisor.fields.extra_arguments.get_or_insert_default();
    extra.retain(|argument| {
        let known = names.contains(argument);
        if !known {
            let what = format!("`{argument}` is no argument of the supervisor");
            let help = format!(
                "write its type after the supervisor's name: `{}({argument}: Type)`",
                supervisor.ident
            );
            errors.at(argument, what, help);
        }
        known
    });
    for (param, _) in &supervisor.params {
        if !extra.contains(param) && given {
            let what = format!("nothing is done with the argument `{param}`");
            let help = format!(
                "each child gets its own arguments from `start_child`; write `extra_arguments: [{param}]` for one that all get first, or remove it"
            );
            errors.at(param, what, help);
        }
    }
}

fn types_twice(supervisor: &mut Supervisor, errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    supervisor.fields.dynamic.iter_mut().for_each(|types| {
        types.retain(|ty| {
            let text = text(ty);
            let twice = seen.contains(&text);
            if twice {
                errors.at(
                    ty,
                    format!("`{text}` stands twice among the children"),
                    "remove one of them",
                );
            }
            seen.push(text);
            !twice
        });
    });
}

fn name(supervisor: &mut Supervisor, errors: &mut Errors) {
    let Some(name) = &supervisor.name else { return };
    let used = supervisor
        .params
        .iter()
        .find(|(param, _)| uses_variable(name.to_token_stream(), param));
    if let Some((param, _)) = used {
        let what = format!("the supervisor's name cannot depend on its argument `{param}`");
        errors.at(name, what, "write a constant, such as `name = \"app\"`");
        supervisor.name = None;
    }
}

/// Each child has a name of its own, that is also the method it is reached by.
fn ids(supervisor: &mut Supervisor, errors: &mut Errors) {
    let app = supervisor.ident.clone();
    let mut generated = vec!["start_link", "child_spec", "tree"];
    generated.extend(supervisor.name.is_some().then_some("named"));
    let Some(children) = &mut supervisor.fields.children else {
        return;
    };
    let params = &supervisor.params;
    let mut seen: Vec<String> = Vec::new();
    children.retain(|child| {
        let id = child.id.unraw().to_string();
        if generated.contains(&id.as_str()) {
            let what = format!("the child `{id}` clashes with the function `{app}::{id}` that `supervisor!` generates");
            errors.at(&child.id, what, "give it another name: `.. as my_name`");
            return false;
        }
        if params.iter().any(|(param, _)| *param == child.id) {
            let what = format!("`{id}` is a child and a parameter of `{app}`");
            errors.at(
                &child.id,
                what,
                "an argument could mean either: give the child another name, `.. as my_name`, or the parameter",
            );
            return false;
        }
        // Two children under opposite conditions may share a name.
        if seen.contains(&id) && child.carried.cfgs.is_empty() {
            let what = format!("`{app}` has two children called `{id}`");
            let child_text = match &child.form {
                Form::Type { ty, .. } => text(ty),
                Form::Inline(_) | Form::Task(_) | Form::Spec(_) => "..".to_owned(),
            };
            let how = format!("give one of them another name: `{child_text} as my_name`");
            errors.at(&child.id, what, how);
            return false;
        }
        seen.push(id);
        true
    });
}
