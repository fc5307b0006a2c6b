//! A declaration of which parts stand under `#[cfg]`s: `App(a: u8, #[cfg(unix)] b: u8)`.
//!
//! No macro knows what holds, and neither a tuple of types nor a pattern may have attributes inside. So there is a declaration for each
//! case, under the `#[cfg]` of that case, as one would write it by hand.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::parse_quote;

use crate::code;
use crate::diag::{Errors, error_at};
use crate::supervisor::model::{Form, Supervisor};

/// What is taken for granted of conditions: of those that are not named, that they hold.
#[derive(Clone, Default)]
pub(crate) struct Assumed(Vec<(String, bool)>);

impl Assumed {
    pub(crate) fn hold(&self, condition: &TokenStream) -> bool {
        let (of, negated) = split(condition);
        let of = of.to_string();
        let known = self.0.iter().find(|(known, _)| *known == of);
        known.is_none_or(|(_, holds)| *holds != negated)
    }
}

/// More cases than there are of so many conditions nobody has, and the output would have no end.
const MOST: usize = 8;

/// The cases of a declaration, each with the condition under which it is the one; `None` where there is but one.
pub(crate) fn cases(
    supervisor: &Supervisor,
    errors: &mut Errors,
) -> Option<Vec<(Assumed, TokenStream)>> {
    let mut conditions: Vec<TokenStream> = Vec::new();
    collect(supervisor, &mut conditions);
    if conditions.len() > MOST {
        let beyond = conditions.drain(MOST..).next();
        errors.push(error_at(
            code::MANY_CONDITIONS,
            beyond,
            format!("a supervisor depends on at most {MOST} conditions"),
            "put what there is under them into a struct, and take that: `App(config: Config)`",
        ));
    }
    if conditions.is_empty() {
        return None;
    }
    let case = |number: usize| {
        let nth = conditions.iter().enumerate();
        let (assumed, asked): (Vec<_>, Vec<_>) = nth
            .map(|(nth, of)| {
                let holds = number >> nth & 1 == 0;
                let asked = if holds { of.clone() } else { quote!(not(#of)) };
                ((of.to_string(), holds), asked)
            })
            .unzip();
        let condition = match &*asked {
            [only] => only.clone(),
            asked => quote!(all(#(#asked),*)),
        };
        (Assumed(assumed), condition)
    };
    Some((0..1 << conditions.len()).map(case).collect())
}

/// The conditions in a declaration and in those inside of it, each once.
fn collect(supervisor: &Supervisor, conditions: &mut Vec<TokenStream>) {
    for condition in &supervisor.conditions {
        let (of, _) = split(condition);
        let text = of.to_string();
        if !conditions.iter().any(|known| known.to_string() == text) {
            conditions.push(of);
        }
    }
    for child in supervisor.children() {
        if let Form::Inline(inner) = &child.form {
            collect(inner, conditions);
        }
    }
}

/// `unix`, of `unix` and of `not(unix)`, and whether it is the latter.
fn split(condition: &TokenStream) -> (TokenStream, bool) {
    let tokens: Vec<_> = condition.clone().into_iter().collect();
    match &*tokens {
        [TokenTree::Ident(not), TokenTree::Group(of)] if not == "not" => {
            let (of, negated) = split(&of.stream());
            (of, !negated)
        }
        _ => (condition.clone(), false),
    }
}

impl Supervisor {
    /// The declaration that there is if this holds.
    pub(crate) fn only_if(&mut self, condition: &TokenStream) {
        self.attributes.push(parse_quote!(#[cfg(#condition)]));
    }
}

/// The mistakes of all cases.
#[derive(Default)]
pub(crate) struct Found(Vec<(syn::Error, Vec<TokenStream>)>);

impl Found {
    /// Those of the case of this condition.
    pub(crate) fn add(&mut self, mut errors: Errors, condition: &TokenStream) {
        for error in errors.take_all().into_iter().flatten() {
            let place = |error: &syn::Error| (format!("{:?}", error.span()), error.to_string());
            let found = place(&error);
            match self.0.iter_mut().find(|(known, _)| place(known) == found) {
                Some((_, conditions)) => conditions.push(condition.clone()),
                None => self.0.push((error, vec![condition.clone()])),
            }
        }
    }

    /// A `compile_error!` for each, where it is one: what is wrong in all of so many `cases` is said whatever holds.
    pub(crate) fn into_tokens(self, cases: usize) -> TokenStream {
        let errors = self.0.into_iter().map(|(error, conditions)| {
            let cfg = (conditions.len() < cases).then(|| quote!(#[cfg(any(#(#conditions),*))]));
            let error = error.into_compile_error();
            quote!(#cfg #error)
        });
        errors.collect()
    }
}
