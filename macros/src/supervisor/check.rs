//! The rules for a supervisor: from the model to errors. What breaks a rule is taken out, so that no second error follows.

mod options;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{GenericParam, Type};

use crate::carry::Carried;
use crate::code;
use crate::diag::{Errors, error_at};
use crate::supervisor::model::{Args, Child, Fields, Form, Supervisor};
use crate::tokens::{self, text, uses_variable};
use crate::types::{self, Obstacle};
use crate::{naming, values, words};

/// Reports every broken rule. `false`: nothing is declared, since a server has the name, as far as can be told.
pub(crate) fn check(supervisor: &mut Supervisor, errors: &mut Errors) -> bool {
    inside(supervisor, &mut Vec::new(), &[], errors)
}

/// The same, for a supervisor inside of these, which have arguments and children of these names.
fn inside(
    supervisor: &mut Supervisor,
    outer: &mut Vec<Ident>,
    names: &[Ident],
    errors: &mut Errors,
) -> bool {
    let mut names = names.to_vec();
    names.extend(supervisor.params.iter().map(|(name, _)| name.clone()));
    owned(supervisor, errors);
    kind(supervisor, &names, errors);
    name(supervisor, errors);
    outer.push(supervisor.ident.clone());
    let mut is_free = itself(supervisor, outer, errors);
    items(supervisor, errors);
    ids(supervisor, errors);
    options::significant(supervisor, errors);
    options::constant(supervisor, &names, errors);
    names.extend(supervisor.children().iter().map(|child| child.id.clone()));
    for child in supervisor.fields.children.iter_mut().flatten() {
        if let Form::Inline(inner) = &mut child.form {
            is_free &= inside(inner, outer, &names, errors);
        }
    }
    outer.pop();
    is_free
}

/// What a supervisor is started with is there as long as it is, and has one type.
fn owned(supervisor: &mut Supervisor, errors: &mut Errors) {
    let is_lifetime = |param: &GenericParam| matches!(param, GenericParam::Lifetime(_));
    let borrows = supervisor
        .generics
        .params
        .iter()
        .find(|param| is_lifetime(param));
    if let Some(lifetime) = borrows {
        let how = "it outlives whoever starts it, so its arguments are owned: remove the lifetime";
        errors.at(
            code::SUPERVISOR_ARGUMENT_BORROWED,
            lifetime,
            "a supervisor cannot borrow",
            how,
        );
    }
    let said = borrows.is_some();
    let params = std::mem::take(&mut supervisor.generics.params);
    supervisor.generics.params = params
        .into_iter()
        .filter(|param| !is_lifetime(param))
        .collect();
    for (_, ty) in &mut supervisor.params {
        let lasting = match types::obstacle(ty) {
            Some(Obstacle::Borrow(found)) => {
                if !said {
                    errors.at(
                        code::SUPERVISOR_ARGUMENT_BORROWED,
                        found,
                        "a supervisor cannot borrow its arguments",
                        "every restart needs them again, so they must be owned: `String` for `&str`, `Vec<T>` for `&[T]`",
                    );
                }
                syn::parse2(tokens::with_static(ty.to_token_stream())).ok()
            }
            Some(Obstacle::ImplTrait(found)) => {
                errors.at(
                    code::ARGUMENT_TYPE,
                    found,
                    "an argument of a supervisor has one type",
                    "name the type; for a `String`, a `&str` will do, too",
                );
                Some(types::taken(ty).0.clone())
            }
            Some(Obstacle::Rejected) | None => None,
        };
        // What stands there from here on makes no second error.
        if let Some(lasting) = lasting {
            *ty = lasting;
        }
    }
}

/// No supervisor stands in itself: it would start for ever. `false`: one does.
fn itself(supervisor: &mut Supervisor, outer: &[Ident], errors: &mut Errors) -> bool {
    let mut is_free = true;
    let mut stands_inside = |at: &dyn ToTokens, found: Option<&Ident>| {
        if let Some(found) = found {
            let what = format!("the supervisor `{found}` stands inside of itself");
            is_free = false;
            errors.at(
                code::INSIDE_ITSELF,
                at,
                what,
                format!("remove it, since its start would never end; if `{found}` is a server, give the supervisor another name"),
            );
        }
        found.is_some()
    };
    let is_outer = |ty: &Type| outer.iter().find(|outer| types::is_ident(ty, outer));
    let fields = &mut supervisor.fields;
    fields
        .partition
        .take_if(|of| stands_inside(&of.ty, is_outer(&of.ty)));
    fields.children.iter_mut().for_each(|children| {
        children.retain(|child| match &child.form {
            Form::Type { ty, .. } => !stands_inside(ty, is_outer(ty)),
            Form::Inline(inner) => {
                let found = outer.iter().find(|outer| inner.ident == **outer);
                let partitions = inner.fields.partition.iter();
                let mut partitions = partitions.map(|of| &of.ty);
                !stands_inside(&inner.ident, found)
                    && !partitions.any(|ty| stands_inside(ty, is_outer(ty)))
            }
            Form::Task(_) | Form::Spec(_) => true,
        });
    });
    is_free
}

/// What a pattern takes apart has no type here, so a supervisor inside of this one, a type of its own, cannot take them.
fn items(supervisor: &mut Supervisor, errors: &mut Errors) {
    supervisor.fields.children.iter_mut().for_each(|children| {
        children.retain(|child| {
            let Form::Inline(inner) = &child.form else {
                return true;
            };
            let items = child.times.bindings();
            let used = items.iter().find_map(|item| inner.first_use(item));
            if let Some(used) = &used {
                let what = format!("a supervisor inside of another cannot use `{used}`");
                let help = format!(
                    "declare it by itself, with `{used}` as its argument, and write it here as `MyTree({used}) as {}`",
                    child.id
                );
                errors.at(code::PATTERN_INSIDE, used, what, help);
            }
            used.is_none()
        });
    });
}

/// Children by a list, dynamic ones, or partitions: one of them, and what goes with it.
fn kind(supervisor: &mut Supervisor, names: &[Ident], errors: &mut Errors) {
    let fields = &mut supervisor.fields;
    if fields.word("dynamic").is_some() {
        let foreign = [
            "partition",
            "partitions",
            "strategy",
            "auto_shutdown",
            "children",
        ];
        let why = "its children are started by `start_child`, and fall one for one; remove it";
        none_of(fields, &foreign, "a dynamic supervisor", why, errors);
        extra_arguments(supervisor, names, errors);
        types_twice(supervisor, errors);
        return;
    }
    if fields.word("partition").is_some() {
        let foreign = [
            "strategy",
            "auto_shutdown",
            "children",
            "max_children",
            "extra_arguments",
        ];
        let why = "its partitions are alike, and fall one for one; remove it";
        none_of(fields, &foreign, "a partition supervisor", why, errors);
        (fields.max_children, fields.extra_arguments) = (None, None);
        return;
    }
    let others = [
        (
            "extra_arguments",
            "`extra_arguments` are for dynamic supervisors",
            "remove it, and write each child with its arguments: `MyServer(config)`",
        ),
        (
            "max_children",
            "`max_children` is for dynamic supervisors",
            "remove it, or write `dynamic: MyServer` for children",
        ),
        (
            "partitions",
            "`partitions` is for partition supervisors",
            "remove it, or write `partition: MyServer` for children",
        ),
    ];
    for (field, what, how) in others {
        if let Some(word) = fields.word(field) {
            errors.at(code::OTHER_KIND, word, what, how);
        }
    }
    (
        fields.max_children,
        fields.extra_arguments,
        fields.partitions,
    ) = (None, None, None);
    if fields.unclear {
        return;
    }
    if fields.word("children").is_none() {
        let what = format!("`{}` has no children", supervisor.ident);
        errors.at(
            code::INCOMPLETE,
            &supervisor.ident,
            what,
            "write `children: [MyServer]`, `dynamic: MyServer` or `partition: MyServer`",
        );
    } else if fields.word("strategy").is_none() {
        let what = format!("`{}` has no strategy", supervisor.ident);
        errors.at(
            code::INCOMPLETE,
            &supervisor.ident,
            what,
            "write `strategy: one_for_one`",
        );
    }
}

/// What a supervisor of this kind does not have.
fn none_of(fields: &Fields, foreign: &[&str], kind: &str, why: &str, errors: &mut Errors) {
    for field in foreign {
        if let Some(word) = fields.word(field) {
            errors.at(
                code::OTHER_KIND,
                word,
                format!("{kind} has no `{field}`"),
                why,
            );
        }
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
        if !known && supervisor.params.is_empty() && !names.is_empty() {
            // It stands inside of another one, whose these are.
            let what = format!(
                "`{argument}` is neither a parameter nor a child of the supervisor around this one"
            );
            let names: Vec<_> = names.iter().map(ToString::to_string).collect();
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            errors.at(
                code::EXTRA_ARGUMENT,
                argument,
                what,
                words::expected(&argument.to_string(), &names),
            );
        } else if !known {
            let what = format!("`{argument}` is no argument of the supervisor");
            let help = format!(
                "write its type after the supervisor's name: `{}({argument}: Type)`",
                supervisor.ident
            );
            errors.at(code::EXTRA_ARGUMENT, argument, what, help);
        }
        known
    });
    for (param, _) in &supervisor.params {
        if !supervisor.uses(param, uses_variable) && given {
            let what = format!("nothing is done with the argument `{param}`");
            let help = format!(
                "each child gets its own arguments from `start_child`; write `extra_arguments: [{param}]` for one that all get first, or remove it"
            );
            errors.at(code::ARGUMENT_UNUSED, param, what, help);
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
                    code::DYNAMIC_TWICE,
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
        errors.at(
            code::NAME_DEPENDS,
            name,
            what,
            "write a constant, such as `name = \"app\"`",
        );
        supervisor.name = None;
    } else if let Some(word) = values::small_word(&name.to_token_stream())
        // Another word may be a constant in small letters.
        && word == naming::snake(&supervisor.ident)
    {
        errors.at(
            code::NAME_DEPENDS,
            &word,
            format!("the supervisor's name is a text or a constant, and `{word}` is a word"),
            format!("write `name = \"{word}\"`; a constant is `self::{word}`"),
        );
        let text = word.to_string();
        supervisor.name = Some(syn::parse_quote!(#text));
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
    let mut ambiguous = Vec::new();
    children.retain(|child| {
        let id = child.id.unraw().to_string();
        if generated.contains(&id.as_str()) {
            let what = format!("the child `{id}` clashes with the function `{app}::{id}` that `supervisor!` generates");
            errors.at(code::CHILD_CLASH, &child.id, what, "give it another name: `.. as my_name`");
            return false;
        }
        if params.iter().any(|(param, _)| *param == child.id) {
            let what = format!("`{id}` is a child and a parameter of `{app}`");
            errors.at(
                code::CHILD_AND_ARGUMENT,
                &child.id,
                what,
                "an argument could mean either: give the child another name, `.. as my_name`, or the parameter",
            );
            ambiguous.push(child.id.clone());
            return false;
        }
        // Two children under opposite conditions may share a name.
        if seen.contains(&id) && child.carried.cfgs.is_empty() {
            errors.push(child_twice(&app, child));
            return false;
        }
        seen.push(id);
        true
    });
    supervisor.conditional_errors = twice_at_times(&app, children);
    for child in children {
        if let Form::Type { args, .. } = &mut child.form
            && ambiguous.iter().any(|name| args.uses(name, uses_variable))
        {
            *args = Args::Broken;
        }
    }
}

fn child_twice(app: &Ident, child: &Child) -> syn::Error {
    let id = child.id.unraw();
    let what = format!("`{app}` has two children called `{id}`");
    let written = match &child.form {
        Form::Type { ty, .. } => text(ty),
        Form::Inline(_) | Form::Task(_) | Form::Spec(_) => "..".to_owned(),
    };
    let how = format!("give one of them another name: `{written} as my_name`");
    error_at(code::CHILD_TWICE, &child.id, what, how)
}

/// Children of one name whose `#[cfg]`s may hold at once: where they do, it is an error, and there is only the first of them.
fn twice_at_times(app: &Ident, children: &mut [Child]) -> Vec<TokenStream> {
    let mut errors = Vec::new();
    let mut seen: Vec<(Ident, Carried)> = Vec::new();
    for child in children {
        let written = child.carried.clone();
        let before = seen.iter().filter(|(id, carried)| {
            id.unraw() == child.id.unraw() && carried.may_be_beside(&written)
        });
        for (_, first) in before {
            let (first, second) = (first.condition(), written.condition());
            let error = child_twice(app, child).into_compile_error();
            errors.push(quote!(#[cfg(all(#first, #second))] #error));
            child.carried.also_if(quote!(not(#first)));
        }
        seen.push((child.id.clone(), written));
    }
    errors
}
