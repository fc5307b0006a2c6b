//! Supervisors inside of another: what they take of it becomes their parameters.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::parse::Parser;
use syn::{Attribute, Generics, Type};

use crate::carry::Carried;
use crate::supervisor::expand;
use crate::supervisor::model::{Args, Conditional, Form, Partition, Supervisor, Times, Uses};
use crate::tokens::{self, uses_value, uses_variable};
use crate::types;

/// Gives each supervisor inside of this one the parameters, and the handles of siblings, that its own children use.
pub(crate) fn lower(supervisor: &mut Supervisor) {
    let params = supervisor.params.iter().cloned();
    let mut names: Vec<_> = params
        .map(|(name, ty)| Name {
            name,
            uses: uses_variable,
            cases: vec![(Carried::default(), ty)],
        })
        .collect();
    for child in supervisor.children() {
        let Some(ty) = expand::given_handle(supervisor, child) else {
            continue;
        };
        let case = (child.carried.clone(), ty);
        match names.iter_mut().find(|known| known.name == child.id) {
            Some(known) => known.cases.push(case),
            None => names.push(Name {
                name: child.id.clone(),
                uses: uses_value,
                cases: vec![case],
            }),
        }
    }
    let generics = supervisor.generics.clone();
    let cfg = Carried::from_attributes(&supervisor.attributes).cfg();
    let cfgs = Attribute::parse_outer.parse2(cfg).unwrap_or_default();
    let Some(children) = &mut supervisor.fields.children else {
        return;
    };
    for child in children {
        let Form::Inline(inner) = &mut child.form else {
            continue;
        };
        let taken = names
            .iter()
            .filter(|known| known.name != child.id && inner.takes(&known.name, known.uses));
        take(inner, &taken.collect::<Vec<_>>(), &generics);
        // What is cut off goes with all that stands in it.
        inner.attributes.splice(..0, cfgs.iter().cloned());
        lower(inner);
    }
}

/// What a supervisor inside of another may mention of it.
struct Name {
    name: Ident,
    uses: Uses,
    /// Its type; of a child that depends on `#[cfg]`s, in each case.
    cases: Vec<(Carried, Type)>,
}

/// Makes these the parameters.
fn take(inner: &mut Supervisor, taken: &[&Name], generics: &Generics) {
    for (place, Name { name, cases, .. }) in taken.iter().enumerate() {
        let Some((_, first)) = cases.first() else {
            continue;
        };
        inner.params.push((name.clone(), first.clone()));
        if cases.iter().any(|(carried, _)| !carried.cfgs.is_empty()) {
            let cases = cases.clone();
            inner.conditional.push(Conditional { place, cases });
        }
    }
    inner.generics = of_those(generics, inner);
    for Conditional { place, .. } in &inner.conditional {
        let ty = expand::conditional_type(inner, *place);
        if let (Some((_, param)), Some(ty)) = (inner.params.get_mut(*place), ty) {
            *param = ty;
        }
    }
}

/// The parameters of the outer one's that the inner one mentions, and what is asked of them.
fn of_those(generics: &Generics, inner: &Supervisor) -> Generics {
    let mut mentioned = TokenStream::new();
    mention(inner, &mut mentioned);
    types::keep(generics, |param| tokens::mention(mentioned.clone(), param))
}

/// Everything in a declaration that may name a type, or a constant that it is generic over.
fn mention(supervisor: &Supervisor, tokens: &mut TokenStream) {
    for (_, ty) in &supervisor.params {
        ty.to_tokens(tokens);
    }
    for (_, ty) in supervisor.conditional.iter().flat_map(|of| &of.cases) {
        ty.to_tokens(tokens);
    }
    for ty in supervisor.fields.dynamic.iter().flatten() {
        ty.to_tokens(tokens);
    }
    if let Some(Partition { ty, args, .. }) = &supervisor.fields.partition {
        started_as(ty, args, tokens);
    }
    supervisor.name.to_tokens(tokens);
    let fields = &supervisor.fields;
    for flag in [
        &fields.max_restarts,
        &fields.max_seconds,
        &fields.max_children,
        &fields.partitions,
    ] {
        flag.to_tokens(tokens);
    }
    for child in supervisor.children() {
        match &child.times {
            Times::Once => {}
            Times::If(expression) | Times::Each(_, expression) => expression.to_tokens(tokens),
        }
        let options = &child.options;
        let shutdown = options.shutdown.as_ref();
        let shutdown = shutdown.map(|shutdown| shutdown.tokens(&options.krate));
        shutdown.to_tokens(tokens);
        options.backoff.to_tokens(tokens);
        match &child.form {
            Form::Type { ty, args } => started_as(ty, args, tokens),
            Form::Inline(inner) => mention(inner, tokens),
            Form::Task(expression) | Form::Spec(expression) => expression.to_tokens(tokens),
        }
    }
}

fn started_as(ty: &Type, args: &Args, tokens: &mut TokenStream) {
    ty.to_tokens(tokens);
    for expression in args.expressions() {
        expression.to_tokens(tokens);
    }
}
