//! The declared tree: the function that gives it, and the picture in the docs of the type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Expr;
use syn::ext::IdentExt;

use crate::naming;
use crate::supervisor::expand::children;
use crate::supervisor::model::{Child, Form, Supervisor, Times};
use crate::tokens::{expression_text, text};

/// ```text
/// fn tree() -> DeclaredTree {
///     DeclaredTree::supervisor("App (one_for_one)").child::<Cache>("cache", "Cache", "")
/// }
/// ```
pub(crate) fn function(supervisor: &Supervisor) -> TokenStream {
    let Supervisor { krate, vis, .. } = supervisor;
    let root = itself(supervisor);
    let root = quote!(#krate::DeclaredTree::supervisor(#root));
    let children = supervisor.children();
    let added = children.iter().map(|child| {
        let (id, notes) = (child.id.unraw().to_string(), notes(child));
        match children::ty(supervisor, child) {
            Some(ty) => {
                let what = what(child);
                quote!(.child::<#ty>(#id, #what, #notes))
            }
            None => {
                let what = what(child);
                quote!(.leaf(#id, #what, #notes))
            }
        }
    });
    let body = if children.iter().all(|child| child.carried.cfgs.is_empty()) {
        quote!(#root #(#added)*)
    } else {
        let cfgs = children.iter().map(|child| child.carried.cfg());
        quote! {
            let tree = #root;
            #(#cfgs let tree = tree #added;)*
            tree
        }
    };
    quote! {
        /// The tree as it is declared: `Display` draws it.
        #[must_use]
        #vis fn tree() -> #krate::DeclaredTree {
            #body
        }
    }
}

/// The same as lines of docs, with the supervisors inside.
pub(crate) fn docs(supervisor: &Supervisor) -> TokenStream {
    let mut lines = vec![String::new(), " ```text".to_owned()];
    lines.push(format!(" {}", itself(supervisor)));
    draw(supervisor, " ", &mut lines);
    lines.push(" ```".to_owned());
    quote!(#(#[doc = #lines])*)
}

fn draw(supervisor: &Supervisor, indent: &str, lines: &mut Vec<String>) {
    let mut children = supervisor.children().iter().peekable();
    while let Some(child) = children.next() {
        let (branch, below) = if children.peek().is_some() {
            ("├─ ", "│  ")
        } else {
            ("└─ ", "   ")
        };
        let (id, notes) = (child.id.unraw(), notes(child));
        match &child.form {
            Form::Inline(inner) => {
                lines.push(format!("{indent}{branch}{id}: {}{notes}", itself(inner)));
                draw(inner, &format!("{indent}{below}"), lines);
            }
            Form::Type { .. } | Form::Task(_) | Form::Spec(_) => {
                lines.push(format!("{indent}{branch}{id}: {}{notes}", what(child)));
            }
        }
    }
}

/// `App (rest_for_one, 3 restarts in 5 s)`
fn itself(supervisor: &Supervisor) -> String {
    let fields = &supervisor.fields;
    let mut said = Vec::new();
    if let Some(children) = &fields.dynamic {
        let children: Vec<_> = children.iter().map(text).collect();
        said.push(format!("dynamic {}", children.join(" | ")));
    }
    if let Some(partition) = &fields.partition {
        said.push(format!("partition {}", text(&partition.ty)));
    }
    if let Some(number) = &fields.partitions {
        said.push(counted(expression_text(number), "partition"));
    }
    if let Some(strategy) = &fields.strategy {
        said.push(naming::snake(strategy));
    }
    if let Some(kind) = &fields.auto_shutdown {
        said.push(naming::snake(kind));
    }
    if fields.max_restarts.is_some() || fields.max_seconds.is_some() {
        let number = |number: &Option<Expr>, default: &str| {
            number
                .as_ref()
                .map_or_else(|| default.to_owned(), expression_text)
        };
        let restarts = number(&fields.max_restarts, "3");
        let seconds = number(&fields.max_seconds, "5");
        let restarts = counted(restarts, "restart");
        said.push(format!("{restarts} in {seconds} s"));
    }
    if let Some(most) = &fields.max_children {
        said.push(format!("at most {}", expression_text(most)));
    }
    let ident = supervisor.ident.unraw();
    if said.is_empty() {
        ident.to_string()
    } else {
        format!("{ident} ({})", said.join(", "))
    }
}

/// `1 restart`, `3 restarts`
fn counted(number: String, what: &str) -> String {
    let many = if number == "1" { "" } else { "s" };
    format!("{number} {what}{many}")
}

/// `Counter`, or the expression that gives a child.
fn what(child: &Child) -> String {
    match &child.form {
        Form::Type { ty, .. } => text(ty),
        Form::Inline(inner) => inner.ident.unraw().to_string(),
        Form::Task(expression) => format!("task {}", expression_text(expression)),
        Form::Spec(expression) => expression_text(expression),
    }
}

/// `, for n in 0..4, transient, shutdown 10s`
fn notes(child: &Child) -> String {
    let times = match &child.times {
        Times::Once => None,
        Times::If(condition) => Some(format!("if {}", expression_text(condition))),
        Times::Each(pattern, iterator) => Some(format!(
            "for {} in {}",
            text(pattern.to_token_stream()),
            expression_text(iterator)
        )),
    };
    let notes = times.iter().chain(&child.options.notes);
    notes.map(|note| format!(", {note}")).collect()
}
