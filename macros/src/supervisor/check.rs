//! The rules for a supervisor: from the model to errors. What breaks a rule is taken out, so that no second error follows.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;

use crate::diag::Errors;
use crate::supervisor::model::Supervisor;
use crate::tokens::uses_variable;

/// Reports every broken rule.
pub(crate) fn check(supervisor: &mut Supervisor, errors: &mut Errors) {
    kind(supervisor, errors);
    name(supervisor, errors);
    ids(supervisor, errors);
}

/// Children by a list, or dynamic ones: not both, and not neither.
fn kind(supervisor: &mut Supervisor, errors: &mut Errors) {
    let fields = &supervisor.fields;
    if fields.word("dynamic").is_some() {
        for field in ["strategy", "children"] {
            if let Some(word) = fields.word(field) {
                let what = format!("a dynamic supervisor has no `{field}`");
                errors.at(
                    word,
                    what,
                    "its children are started by `start_child`, and fall one for one; remove it",
                );
            }
        }
        extra_arguments(supervisor, errors);
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
fn extra_arguments(supervisor: &mut Supervisor, errors: &mut Errors) {
    let params = &supervisor.params;
    // One that cannot be read is an error already.
    let given = supervisor.fields.extra_arguments.is_some()
        || supervisor.fields.word("extra_arguments").is_none();
    let extra = supervisor.fields.extra_arguments.get_or_insert_default();
    let is_param = |argument: &Ident| params.iter().any(|(param, _)| param == argument);
    extra.retain(|argument| {
        if !is_param(argument) {
            let what = format!("`{argument}` is no argument of the supervisor");
            let help = format!(
                "write its type after the supervisor's name: `{}({argument}: Type)`",
                supervisor.ident
            );
            errors.at(argument, what, help);
        }
        is_param(argument)
    });
    for (param, _) in params {
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
    let mut generated = vec!["start_link", "child_spec"];
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
            errors.at(&child.id, what, format!("give one of them another name: `{} as my_name`", text(&child.ty)));
            return false;
        }
        seen.push(id);
        true
    });
}

fn text(tokens: impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}
