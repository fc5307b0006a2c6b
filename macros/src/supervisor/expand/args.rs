//! The arguments of children: what of the supervisor's parameters they get a clone of, and what of their siblings a handle.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, Lit, Type, UnOp};

use crate::supervisor::expand::dependent;
use crate::supervisor::model::{Args, Child, Form, Partition, Supervisor, Times};
use crate::tokens::{find_variable, only_borrows, renamed, respan, uses_value, uses_variable};
use crate::types;

/// What stands for the arguments of all children of a supervisor.
pub(crate) struct Arguments<'a> {
    supervisor: &'a Supervisor,
    children: &'a [Child],
    /// The last argument that mentions a parameter, by the places of child and argument: it takes the value itself.
    last: BTreeMap<String, (usize, usize)>,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(supervisor: &'a Supervisor, children: &'a [Child]) -> Self {
        let mut last = BTreeMap::new();
        for (nth, child) in children.iter().enumerate() {
            for (param, _) in &supervisor.params {
                if child.times.uses(param, uses_variable) {
                    last.insert(param.to_string(), (nth, usize::MAX));
                }
                if child.times.binds(param) {
                    continue;
                }
                if let Form::Type { args, .. } = &child.form {
                    let mut is_borrowed = false;
                    for (place, expression) in args.expressions().iter().enumerate() {
                        let tokens = expression.to_token_stream();
                        if uses_variable(tokens.clone(), param) {
                            // What an argument before it borrows may not be taken yet.
                            let place = if is_borrowed { usize::MAX } else { place };
                            last.insert(param.to_string(), (nth, place));
                            is_borrowed |= borrows(expression) || only_borrows(tokens, param);
                        }
                    }
                } else if child.form.uses(param, uses_variable) {
                    last.insert(param.to_string(), (nth, 0));
                }
            }
        }
        Self {
            supervisor,
            children,
            last,
        }
    }

    /// Those of a partition supervisor's flags, which come before its partitions: what these use they get a clone of.
    pub(crate) fn before(supervisor: &'a Supervisor, partition: &Partition) -> Self {
        let params = supervisor.params.iter().map(|(param, _)| param);
        let alone = params.filter(|param| !partition.uses(param, uses_variable));
        Self {
            supervisor,
            children: &[],
            last: alone.map(|param| (param.to_string(), (0, 0))).collect(),
        }
    }

    /// ```text
    /// Counter(start)      { use Args1 as _; Counter::__args(start) }
    /// ```
    ///
    /// The import is for children that were written by hand: what the macros generate has the function itself.
    pub(crate) fn of(&self, nth: usize, child: &Child, ty: &Type, args: &Args) -> TokenStream {
        let once = matches!(child.times, Times::Once | Times::If(_));
        self.evaluated(once.then_some(nth), &child.times, ty, args)
    }

    /// The same of what is started many times.
    pub(crate) fn of_each(&self, ty: &Type, args: &Args) -> TokenStream {
        self.evaluated(None, &Times::Once, ty, args)
    }

    /// `nth`: the place of the child, if its arguments are evaluated once.
    fn evaluated(&self, nth: Option<usize>, times: &Times, ty: &Type, args: &Args) -> TokenStream {
        let mut before = TokenStream::new();
        let (values, count) = match args {
            Args::Broken => {
                let krate = &self.supervisor.krate;
                return quote!(#krate::__private::broken());
            }
            Args::None => (quote_spanned!(types::span(ty)=> ()), 0),
            Args::Partial(group) => (quote!(#group), 1),
            Args::Some(expressions, parentheses) => {
                let mut values = Vec::new();
                for (place, expression) in expressions.iter().enumerate() {
                    let (attributes, expression) = &without_attributes(expression);
                    let (own, value) =
                        self.prepared(expression, times, nth.map(|nth| (nth, place)));
                    // What an argument alone needs is cut off with it.
                    let own = own.into_iter().map(|own| Own {
                        cfg: [attributes.clone(), own.cfg].into_iter().collect(),
                        ..own
                    });
                    let others = expressions.iter().enumerate();
                    let others = others.filter(|(other, _)| *other != place);
                    let others: TokenStream = others.map(|(_, other)| quote!(#other,)).collect();
                    // What borrows of a clone lives as long as the call. Where another argument means the same name, this one's is
                    // a variable of the macro's.
                    let (mut value, mut beside) = (value, Vec::new());
                    for own in own {
                        if !uses_variable(others.clone(), &own.name) {
                            before.extend(own.bound());
                            continue;
                        }
                        let apart = apart(&own.name, place);
                        match renamed(value.clone(), &own.name, &apart) {
                            Some(renamed) => {
                                before.extend(own.bound_as(&apart));
                                value = renamed;
                            }
                            None => beside.push(own),
                        }
                    }
                    let value = block(expression, beside, value);
                    values.push(quote!(#attributes #value));
                }
                // A handle of a type that may lack a bound: rustc asks for it at the call, too, where the child's type already has.
                let at = if self.are_given_dependent(expressions) {
                    types::span(ty)
                } else {
                    *parentheses
                };
                (quote_spanned!(at=> (#(#values),*)), expressions.len())
            }
        };
        self.call(ty, count, &before, &values)
    }

    /// Whether the handle of a child whose type depends on the supervisor's parameters is among them.
    fn are_given_dependent(&self, expressions: &[Expr]) -> bool {
        let dependent = self.siblings(&[]);
        let mut dependent =
            dependent.filter(|child| dependent::written(self.supervisor, child).is_some());
        dependent.any(|child| {
            let mut given = expressions.iter();
            given.any(|expression| uses_value(expression.to_token_stream(), &child.id))
        })
    }

    /// The same of a supervisor inside of this one, which gets what it takes.
    pub(crate) fn of_inner(&self, nth: usize, ty: &Type, inner: &Supervisor) -> TokenStream {
        let values = inner.params.iter().map(|(name, _)| {
            let siblings = self.siblings(&[]).filter(|child| child.id == *name);
            let siblings: Vec<_> = siblings.collect();
            if siblings.iter().any(|child| !child.carried.cfgs.is_empty()) {
                return self.whichever(&siblings);
            }
            let name = syn::parse2(quote!(#name)).unwrap_or_else(|_| Expr::Verbatim(quote!(#name)));
            self.value(&name, &Times::Once, Some((nth, 0)))
        });
        let values: Vec<_> = values.collect();
        self.call(
            ty,
            values.len(),
            &TokenStream::new(),
            &quote!((#(#values),*)),
        )
    }

    /// The handle of that of these siblings which is there, or nothing.
    ///
    /// ```text
    /// { #[cfg(unix)] { self.store.handle() } #[cfg(not(unix))] { self.store.handle() } }
    /// ```
    fn whichever(&self, siblings: &[&Child]) -> TokenStream {
        let handles = siblings.iter().map(|sibling| {
            let (cfg, handle) = (sibling.carried.cfg(), handle_of(self.supervisor, sibling));
            quote!(#cfg { #handle })
        });
        quote!({ #(#handles)* })
    }

    /// A task, made anew for each start: each gets a clone of what it names.
    ///
    /// ```text
    /// accept(listener)    { let listener = Clone::clone(&listener); move || { let listener = Clone::clone(&listener); accept(listener) } }
    /// ```
    pub(crate) fn task(
        &self,
        expression: &Expr,
        times: &Times,
        at: Option<(usize, usize)>,
    ) -> TokenStream {
        let written = expression.to_token_stream();
        let params = self.supervisor.params.iter();
        let params = params
            .filter(|(param, ty)| !types::is_copy(ty) && !times.binds(param))
            .map(|(param, _)| param);
        let named = |name: &Ident| {
            find_variable(written.clone(), name)
                .or_else(|| uses_variable(written.clone(), name).then(|| name.clone()))
        };
        let params: Vec<_> = params
            .filter_map(|param| Some((param, named(param)?)))
            .collect();
        let bound = times.bindings();
        let siblings = self.siblings(&bound);
        let siblings: Vec<_> = siblings
            .filter(|child| uses_value(written.clone(), &child.id))
            .filter_map(|child| Some((child, named(&child.id)?)))
            .collect();
        let items = bound.iter().filter_map(named);
        let clone = |name: &Ident| bind(name, &quote!(::core::clone::Clone::clone(&#name)));
        let outside = params
            .iter()
            .filter(|(param, _)| at.is_none() || self.last.get(&param.to_string()) != at.as_ref());
        let outside: TokenStream = outside.map(|(_, name)| clone(name)).collect();
        let handles: TokenStream = siblings
            .iter()
            .map(|(sibling, name)| self.bound(sibling, name))
            .collect();
        let of_siblings = siblings.iter().map(|(sibling, name)| {
            let (cfg, clone) = (sibling.carried.cfg(), clone(name));
            quote!(#cfg #clone)
        });
        let of_params = params.iter().map(|(_, name)| clone(name));
        let of_items = items.map(|name| clone(&name));
        let inside = of_params.chain(of_siblings).chain(of_items);
        quote!({ #outside #handles move || { #(#inside)* #written } })
    }

    fn call(
        &self,
        ty: &Type,
        count: usize,
        before: &TokenStream,
        values: &TokenStream,
    ) -> TokenStream {
        let (krate, function) = (&self.supervisor.krate, function(ty));
        let import = (count <= MOST).then(|| {
            let by_hand = format_ident!("Args{count}");
            quote!(use #krate::__private::#by_hand as _;)
        });
        quote!({ #import #before #function #values })
    }

    /// Those whose names stand for their handles, where these variables are others.
    fn siblings<'b>(&self, bound: &'b [Ident]) -> impl Iterator<Item = &'a Child> + use<'a, 'b> {
        let siblings = self.children.iter().filter(|child| child.has_handle());
        siblings.filter(|child| !bound.contains(&child.id))
    }

    /// Whether this parameter is used when the list, or the condition, of that child has been. Lists come first.
    fn is_used_after(&self, nth: usize, is_list: bool, param: &Ident) -> bool {
        self.children.iter().enumerate().any(|(place, child)| {
            let later = match child.times {
                Times::Once => false,
                Times::If(_) => is_list || place > nth,
                Times::Each(..) => is_list && place > nth,
            };
            later && child.times.uses(param, uses_variable)
                || (is_list || place >= nth) && child.form.uses(param, uses_variable)
        })
    }

    /// What has to stand before and behind a statement that uses this expression as it is, and may borrow from what it names: others
    /// need that, too.
    ///
    /// ```text
    /// hosts.iter()        let kept_hosts = Clone::clone(&hosts);   ..   let hosts = kept_hosts;
    /// ```
    pub(crate) fn around(&self, nth: usize, times: &Times) -> (Vec<TokenStream>, Vec<TokenStream>) {
        let (Times::Each(_, expression) | Times::If(expression)) = times else {
            return Default::default();
        };
        let is_list = matches!(times, Times::Each(..));
        let written = expression.to_token_stream();
        let named = |name: &Ident| {
            uses_variable(written.clone(), name)
                .then(|| find_variable(written.clone(), name).unwrap_or_else(|| name.clone()))
        };
        let params = self.supervisor.params.iter();
        let params = params.filter(|(_, ty)| !types::is_copy(ty) && !borrows(expression));
        let (mut before, mut behind) = (Vec::new(), Vec::new());
        let params = params.map(|(param, _)| param);
        let params = params.filter(|param| times.uses(param, uses_variable));
        let wanted = params.filter(|param| self.is_used_after(nth, is_list, param));
        for name in wanted.filter_map(named) {
            let kept = format_ident!("kept_{}", name, span = Span::mixed_site());
            before.push(quote!(let #kept = ::core::clone::Clone::clone(&#name);));
            behind.push(bind(&name, &kept.to_token_stream()));
        }
        // What a pattern binds is not there yet where it is taken from.
        let siblings = self.siblings(&[]);
        for sibling in siblings.filter(|child| times.uses(&child.id, uses_value)) {
            if let Some(name) = named(&sibling.id) {
                before.push(self.bound(sibling, &name));
            }
        }
        (before, behind)
    }

    /// `let cache = self.cache.handle();`, if it is there: of several under one name there is one.
    fn bound(&self, sibling: &Child, name: &Ident) -> TokenStream {
        self.own(sibling, name).bound()
    }

    fn own(&self, sibling: &Child, name: &Ident) -> Own {
        Own {
            cfg: sibling.carried.cfg(),
            name: name.clone(),
            value: handle(self.supervisor, sibling, &name.to_token_stream()),
        }
    }

    /// An argument. What it names and others need, too, is cloned; `at`: its place, if it is evaluated once.
    pub(crate) fn value(
        &self,
        expression: &Expr,
        times: &Times,
        at: Option<(usize, usize)>,
    ) -> TokenStream {
        let (before, value) = self.prepared(expression, times, at);
        block(expression, before, value)
    }

    /// The same: the variables that stand before it, and the argument.
    fn prepared(
        &self,
        expression: &Expr,
        times: &Times,
        at: Option<(usize, usize)>,
    ) -> (Vec<Own>, TokenStream) {
        let written = expression.to_token_stream();
        let named = |name: &Ident| uses_variable(written.clone(), name) && !times.binds(name);
        let shared = |(param, ty): &&(Ident, Type)| {
            let is_last = at.is_some() && self.last.get(&param.to_string()) == at.as_ref();
            !is_last && !types::is_copy(ty) && named(param)
        };
        let params: Vec<_> = self.supervisor.params.iter().filter(shared).collect();
        let bound = times.bindings();
        let siblings = self.siblings(&bound);
        let siblings: Vec<_> = siblings
            .filter(|child| uses_value(written.clone(), &child.id))
            .collect();
        if let ([], [sibling], Some(_)) = (&*params, &*siblings, variable(expression))
            && sibling.carried.cfgs.is_empty()
            && dependent::written(self.supervisor, sibling).is_none()
        {
            let handle = handle(self.supervisor, sibling, &written);
            return (Vec::new(), shown_at(expression, handle));
        }
        if let ([(_, ty)], [], true) = (&*params, &*siblings, is_place(expression)) {
            // Of the type that it has. Of any `Clone`, rustc would take the one that is wanted, and find fault with the macro.
            let clone = match variable(expression) {
                Some(_) => quote!(<#ty as ::core::clone::Clone>::clone(&#written)),
                None => quote!(::core::clone::Clone::clone(&#written)),
            };
            let clone = respan(&clone, span(expression));
            return (Vec::new(), shown_at(expression, clone));
        }
        let params = params
            .iter()
            .filter(|(param, _)| !borrows(expression) && !only_borrows(written.clone(), param));
        let clones = params.map(|(param, _)| {
            let name = find_variable(written.clone(), param).unwrap_or_else(|| param.clone());
            let value = quote!(::core::clone::Clone::clone(&#name));
            Own {
                cfg: TokenStream::new(),
                name,
                value,
            }
        });
        let handles = siblings.iter().map(|sibling| {
            let name = find_variable(written.clone(), &sibling.id);
            self.own(sibling, &name.unwrap_or_else(|| sibling.id.clone()))
        });
        (clones.chain(handles).collect(), written)
    }
}

/// The `#[cfg]`s of an argument, which may not stand inside of what is made of it; and the argument.
fn without_attributes(expression: &Expr) -> (TokenStream, Expr) {
    let split = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        Ok((quote!(#(#attributes)*), input.parse()?))
    };
    let split = split.parse2(expression.to_token_stream());
    split.unwrap_or_else(|_| (TokenStream::new(), expression.clone()))
}

/// A variable of an argument's own: a clone, or the handle of a sibling.
struct Own {
    cfg: TokenStream,
    /// As it is written in the argument.
    name: Ident,
    value: TokenStream,
}

impl Own {
    /// `let config = Clone::clone(&config);`
    fn bound(&self) -> TokenStream {
        self.bound_as(&self.name)
    }

    /// The same under another name.
    fn bound_as(&self, name: &Ident) -> TokenStream {
        let (cfg, bound) = (&self.cfg, bind(name, &self.value));
        quote!(#cfg #bound)
    }
}

/// The variable that stands for this one in that argument alone: no name of the user's means it.
fn apart(name: &Ident, place: usize) -> Ident {
    let name = name.unraw();
    format_ident!("{name}_{place}", span = Span::mixed_site())
}

/// `{ let config = ..; config.path() }`
fn block(expression: &Expr, before: Vec<Own>, value: TokenStream) -> TokenStream {
    if before.is_empty() {
        return value;
    }
    let before = before.iter().map(Own::bound);
    shown_at(expression, quote!(#(#before)* #value))
}

/// In braces of the user's: what rustc has to say of an argument that we made of his is shown at his, and not at the whole macro.
fn shown_at(expression: &Expr, tokens: TokenStream) -> TokenStream {
    let mut braces = Group::new(Delimiter::Brace, tokens);
    braces.set_span(span(expression));
    TokenTree::Group(braces).into()
}

/// A variable that takes the place of another of its name. `@ _` makes the pattern one of the macro's: lints of shadowing leave it alone.
fn bind(name: &Ident, value: &TokenStream) -> TokenStream {
    quote!(let #name @ _ = #value;)
}

/// As many arguments may a child take that was written by hand, beside one for all.
const MOST: usize = 4;

/// `<Counter>::__args`, shown at the child's type.
fn function(ty: &Type) -> TokenStream {
    let at = types::span(ty);
    quote_spanned!(at=> <#ty>::__args)
}

/// `self.cache.handle()`: the handle that leads to a child, or those of a list.
pub(crate) fn handle_of(supervisor: &Supervisor, child: &Child) -> TokenStream {
    let field = child.field();
    let is_list = matches!(child.times, Times::Each(..));
    match (is_list, dependent::written(supervisor, child)) {
        (true, Some(ty)) => dependent::all(supervisor, child, ty),
        (true, None) => quote!(self.#field.all()),
        (false, Some(ty)) => dependent::handle(supervisor, child, ty, &quote!(&self.#field)),
        (false, None) if matches!(child.form, Form::Task(_)) => {
            quote!(::core::clone::Clone::clone(&self.#field))
        }
        (false, None) => quote!(self.#field.handle()),
    }
}

/// The same of a sibling, shown where it is named.
fn handle(supervisor: &Supervisor, sibling: &Child, named: &TokenStream) -> TokenStream {
    let handle = handle_of(supervisor, sibling);
    if dependent::written(supervisor, sibling).is_some() {
        return handle;
    }
    let at = named
        .clone()
        .into_iter()
        .next()
        .map_or_else(Span::call_site, |token| token.span());
    respan(&handle, at)
}

/// Where an expression begins.
pub(crate) fn span(expression: &Expr) -> Span {
    let mut tokens = expression.to_token_stream().into_iter();
    tokens
        .next()
        .map_or_else(Span::call_site, |token| token.span())
}

/// `path`, alone.
fn variable(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        Expr::Group(group) => variable(&group.expr),
        Expr::Paren(paren) => variable(&paren.expr),
        _ => None,
    }
}

/// `path`, or a field of it: `config.path`.
fn is_place(expression: &Expr) -> bool {
    match expression {
        Expr::Field(field) => is_place(&field.base),
        other => variable(other).is_some(),
    }
}

/// What is borrowed: `config.path` of `*config.path`.
fn behind(expression: &Expr) -> &Expr {
    match expression {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => behind(&unary.expr),
        other => other,
    }
}

/// Whether an expression takes nothing of what it names, as far as its form tells: `config.path.clone()`,
/// `names.len()`, `&config`, `format!(..)`.
fn borrows(expression: &Expr) -> bool {
    match expression {
        Expr::MethodCall(call) => {
            let borrows = call.method == "clone" || call.method == "len";
            borrows && call.args.is_empty() && is_place(&call.receiver)
        }
        Expr::Reference(reference) => is_place(behind(&reference.expr)),
        Expr::Macro(of) => of.mac.path.is_ident("format"),
        // Of numbers, and these are `Copy`.
        Expr::Range(range) => [&range.start, &range.end]
            .into_iter()
            .flatten()
            .all(|end| is_place(end) || borrows(end)),
        Expr::Binary(binary) => {
            let is_number = |side: &Expr| match side {
                Expr::Lit(literal) => matches!(literal.lit, Lit::Int(_) | Lit::Float(_)),
                _ => false,
            };
            let sides = [&*binary.left, &*binary.right];
            sides.into_iter().any(is_number)
                && sides
                    .into_iter()
                    .all(|side| is_place(side) || borrows(side))
        }
        Expr::Lit(_) => true,
        Expr::Group(group) => borrows(&group.expr),
        Expr::Paren(paren) => borrows(&paren.expr),
        _ => false,
    }
}
