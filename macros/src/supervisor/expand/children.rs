//! The children of a supervisor: their specifications, what they have to be, and the checks that they are.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Expr, Generics, Type, WherePredicate};

use crate::supervisor::expand::args::{Arguments, span};
use crate::supervisor::expand::{auto_shutdown, dependent, intensity, listed};
use crate::supervisor::model::{Child, Form, Supervisor, Times};
use crate::tokens::{mention_any, respan, written_at};
use crate::types;

/// The user's where clause, and what the arguments of a generic supervisor have to be.
///
/// Of what mentions its parameters nothing is taken for granted but that it may be an argument: everything else has to be found from
/// what is said of them.
pub(crate) fn required(supervisor: &Supervisor) -> TokenStream {
    let params = supervisor.params.iter().map(|(_, ty)| ty);
    let params = params
        .filter(|ty| mentions_parameters(supervisor, ty))
        .filter(|ty| !types::is_everyday(ty, &Generics::default()))
        .filter_map(|ty| argument(&supervisor.generics, ty));
    let lasting = supervisor.generics.type_params();
    let lasting = lasting.filter_map(|param| lasts(supervisor, &param.ident));
    clause(supervisor, params.chain(lasting))
}

/// The same, of the type itself: what else a generic one needs is asked where it is started.
pub(crate) fn required_to_name(supervisor: &Supervisor) -> TokenStream {
    clause(supervisor, std::iter::empty())
}

/// The user's where clause, with these predicates. Where a bound is missing rustc suggests to add it behind the last: so ours are shown
/// at the last of the user's, or at his parameters.
fn clause(supervisor: &Supervisor, more: impl Iterator<Item = TokenStream>) -> TokenStream {
    let generics = &supervisor.generics;
    let declared = generics.where_clause.iter();
    let declared =
        declared.flat_map(|clause| clause.predicates.iter().map(ToTokens::to_token_stream));
    let declared: Vec<_> = declared.collect();
    let params = generics.type_params().map(ToTokens::to_token_stream);
    let last = declared.last().cloned().or_else(|| params.last());
    let last = last.into_iter().flatten().last();
    let at = last.map_or_else(Span::call_site, |token| token.span());
    let more = more.map(|predicate| respan(&predicate, at));
    let predicates: Vec<_> = declared.into_iter().chain(more).collect();
    if predicates.is_empty() {
        return quote!();
    }
    let word = respan(&quote!(where), at);
    quote!(#word #(#predicates),*)
}

/// Whether something is known only when the supervisor's parameters are.
pub(crate) fn mentions_parameters(supervisor: &Supervisor, tokens: impl ToTokens) -> bool {
    let params = types::parameter_names(&supervisor.generics);
    mention_any(tokens.into_token_stream(), &params)
}

/// `M: 'static`, of a parameter of which nothing else says so: a process outlives those that start it.
fn lasts(supervisor: &Supervisor, param: &Ident) -> Option<TokenStream> {
    let is_argument = supervisor
        .params
        .iter()
        .any(|(_, ty)| types::is_ident(ty, param));
    let said = said_of(&supervisor.generics, &param.to_token_stream());
    (!is_argument && !said.iter().any(|said| said.ends_with("static")))
        .then(|| quote!(#param: 'static))
}

/// What has to be known of the type of an argument, beyond what the user has said of it: a lint counts.
fn argument(generics: &Generics, ty: &Type) -> Option<TokenStream> {
    let said = said_of(generics, &types::ungroup(ty).to_token_stream());
    let needed = [
        ("Clone", quote!(::core::clone::Clone)),
        ("Send", quote!(::core::marker::Send)),
        ("'static", quote!('static)),
    ];
    let missing = needed
        .into_iter()
        .filter(|(word, _)| !said.iter().any(|said| said.ends_with(word)));
    let missing: Vec<_> = missing.map(|(_, bound)| bound).collect();
    (!missing.is_empty()).then(|| quote!(for<'__any> #ty: #(#missing)+*))
}

/// The bounds that the user has written of a type.
fn said_of(generics: &Generics, ty: &TokenStream) -> Vec<String> {
    let ty = ty.to_string();
    let of_params = generics.type_params();
    let of_params = of_params
        .filter(|param| param.ident == ty)
        .flat_map(|param| &param.bounds);
    let text = |ty: &Type| types::ungroup(ty).to_token_stream().to_string();
    let clause = generics.where_clause.iter();
    let predicates = clause
        .flat_map(|clause| &clause.predicates)
        .filter_map(|predicate| match predicate {
            WherePredicate::Type(of) if text(&of.bounded_ty) == ty => Some(&of.bounds),
            _ => None,
        });
    let said = of_params.chain(predicates.flatten());
    said.map(|bound| bound.to_token_stream().to_string())
        .collect()
}

/// An assertion for each significant child whose server says when it is restarted, shown at the word. Those of a type that depends on
/// the supervisor's parameters stand in the second part: they are for a function, and are asked where the parameters are known.
pub(crate) fn significant(supervisor: &Supervisor) -> (TokenStream, TokenStream) {
    let krate = &supervisor.krate;
    let (mut known, mut later) = (TokenStream::new(), TokenStream::new());
    for child in supervisor.children() {
        let options = &child.options;
        let (Form::Type { ty, .. }, None, true, Some(word)) = (
            &child.form,
            &options.restart,
            options.significant,
            &options.significant_word,
        ) else {
            continue;
        };
        let check = quote!(#krate::__private::require_significant(#krate::__private::Listed::<#ty>::RESTART));
        let (cfg, check) = (child.carried.cfg(), respan(&check, word.span()));
        let import = quote!(use #krate::__private::NoChild as _;);
        if mentions_parameters(supervisor, ty) {
            later.extend(quote!(#cfg const { #import #check };));
        } else {
            known.extend(quote!(#cfg const _: () = { #import #check };));
        }
    }
    (known, later)
}

/// The flags and the children, as one chain; a statement for each if there are some that may not be there, or many times.
pub(crate) fn spec(supervisor: &Supervisor, children: &[Child]) -> TokenStream {
    let (krate, intensity) = (&supervisor.krate, intensity(supervisor));
    // The strategy is missing where an error says so.
    let one_for_one = || Ident::new("OneForOne", Span::mixed_site());
    let strategy = supervisor.fields.strategy.clone();
    let strategy = strategy.unwrap_or_else(one_for_one);
    let auto_shutdown = auto_shutdown(supervisor);
    let new = quote! {
        #krate::SupervisorSpec::new(#krate::Strategy::#strategy) #intensity #auto_shutdown
    };
    let arguments = Arguments::new(supervisor, children);
    let specs = children.iter().enumerate();
    let specs = specs.map(|(nth, child)| child_spec(supervisor, &arguments, nth, child));
    let is_plain =
        |child: &Child| child.carried.cfgs.is_empty() && matches!(child.times, Times::Once);
    if children.iter().all(is_plain) {
        return quote!(#new #(.child(#specs))*);
    }
    // A list is filled before anybody asks for its handles.
    let lists = children.iter().enumerate().filter_map(|(nth, child)| {
        let Times::Each(_, iterator) = &child.times else {
            return None;
        };
        let (cfg, list, field) = (child.carried.cfg(), list(child), child.field());
        let id = field.unraw().to_string();
        // Shown at the iterator, which itself stays where it was written: lints read the source of literals.
        let at = span(iterator).resolved_at(Span::call_site());
        let (before, behind) = arguments.around(nth, &child.times);
        let vacant = match dependent::written(supervisor, child) {
            Some(ty) => Some(dependent::vacant(supervisor, child, ty)),
            None => kept(supervisor, child).map(|(_, kept)| quote!(#kept::vacant)),
        };
        let filled = match vacant {
            Some(vacant) => quote_spanned!(at=> self.#field.fill(#id, #iterator, #vacant)),
            None => quote_spanned!(at=> #krate::__private::numbered(#id, #iterator)),
        };
        Some(quote!(#(#cfg #before)* #cfg let #list = #filled; #(#cfg #behind)*))
    });
    let spec = Ident::new("spec", Span::mixed_site());
    let children = children.iter().zip(specs).enumerate();
    let children = children.map(|(nth, (child, added))| {
        let cfg = child.carried.cfg();
        match &child.times {
            Times::Once => quote!(#cfg let #spec = #spec.child(#added);),
            Times::If(condition) => {
                // `if let` may take what it looks at apart.
                let (before, behind) = if is_let(condition) {
                    arguments.around(nth, &child.times)
                } else {
                    Default::default()
                };
                quote! {
                    #(#cfg #before)*
                    #cfg let #spec = if #condition { #spec.child(#added) } else { #spec };
                    #(#cfg #behind)*
                }
            }
            Times::Each(pattern, _) => {
                let (list, [id, handle]) = (list(child), [local("id"), local("handle")]);
                let item = if child.has_handle() {
                    quote!((#id, #handle, #pattern))
                } else {
                    quote!((#id, #pattern))
                };
                quote! {
                    #cfg
                    let #spec = ::core::iter::Iterator::fold(
                        ::core::iter::IntoIterator::into_iter(#list),
                        #spec,
                        |#spec, #item| #spec.child(#added),
                    );
                }
            }
        }
    });
    quote! {
        #(#lists)*
        let #spec = #new;
        #(#children)*
        #spec
    }
}

/// A variable of ours, which no name of the user's is.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// Whether a condition has a pattern in it: `let Some(path) = config.path`.
fn is_let(condition: &Expr) -> bool {
    match condition {
        Expr::Let(_) => true,
        Expr::Binary(both) => is_let(&both.left) || is_let(&both.right),
        _ => false,
    }
}

/// The children of a list, before they are started.
fn list(child: &Child) -> Ident {
    let name = child.field().unraw().to_string();
    Ident::new(&format!("{name}_list"), Span::mixed_site())
}

/// `<Counter as Child>::child_spec(&self.low, "low", Counter::__args(1)).restart(..)`
fn child_spec(
    supervisor: &Supervisor,
    arguments: &Arguments<'_>,
    nth: usize,
    child: &Child,
) -> TokenStream {
    let (krate, field) = (&supervisor.krate, child.field());
    let (id, handle) = match child.times {
        Times::Once | Times::If(_) => {
            let text = field.unraw().to_string();
            (quote!(#text), quote!(&self.#field))
        }
        Times::Each(..) => {
            let [id, handle] = [local("id"), local("handle")];
            (quote!(#id), quote!(&#handle))
        }
    };
    let spec = match (&child.form, ty(supervisor, child)) {
        (Form::Type { ty, args }, Some(named)) if mentions_parameters(supervisor, ty) => {
            let at = types::span(ty);
            let args = arguments.of(nth, child, &named, args);
            let handle = dependent::handle(supervisor, child, ty, &handle);
            let as_child = as_child(supervisor, &named);
            let function = written_at(&quote!(#as_child::child_spec), at);
            quote_spanned!(at=> #function(&#handle, #id, #args))
        }
        (Form::Type { args, .. }, Some(ty)) => {
            let args = arguments.of(nth, child, &ty, args);
            let as_child = as_child(supervisor, &ty);
            quote!(#as_child::child_spec(#handle, #id, #args))
        }
        (Form::Inline(inner), Some(ty)) => {
            let args = arguments.of_inner(nth, &ty, inner);
            let as_child = as_child(supervisor, &ty);
            quote!(#as_child::child_spec(#handle, #id, #args))
        }
        (Form::Task(expression), _) => {
            let once = !matches!(child.times, Times::Each(..));
            let task = arguments.task(expression, &child.times, once.then_some((nth, 0)));
            let at = span(expression);
            let call = respan(&quote!(#krate::TaskRef::child_spec), at);
            quote!(#call(#handle, #id, #task))
        }
        (Form::Spec(expression), _) => {
            let once = !matches!(child.times, Times::Each(..));
            let value = arguments.value(expression, &child.times, once.then_some((nth, 0)));
            quote!(#krate::__private::spec(#id, #value))
        }
        (Form::Type { .. } | Form::Inline(_), None) => quote!(::core::unreachable!()),
    };
    let restart = child.options.restart.iter();
    let restart = restart.map(|restart| quote!(.restart(#krate::Restart::#restart)));
    let shutdown = child.options.shutdown.iter().map(|shutdown| {
        let shutdown = shutdown.tokens(krate);
        quote!(.shutdown(#shutdown))
    });
    let significant = child
        .options
        .significant
        .then(|| quote!(.significant(true)));
    let backoff = child.options.backoff.iter();
    let backoff = backoff.map(|backoff| quote!(.backoff(#backoff)));
    quote!(#spec #(#restart)* #(#shutdown)* #(#backoff)* #significant)
}

/// `<Cache as Child>`, shown at the child's type.
pub(crate) fn as_child(supervisor: &Supervisor, ty: &Type) -> TokenStream {
    let krate = &supervisor.krate;
    let as_child = quote!(<#ty as #krate::Child>);
    if mentions_parameters(supervisor, ty) {
        written_at(&as_child, types::span(ty))
    } else {
        respan(&as_child, types::span(ty))
    }
}

/// `const DEPTH: usize = deepest([<Cache as Child>::DEPTH]);`, of what is started with the supervisor.
pub(crate) fn depth(supervisor: &Supervisor) -> Option<TokenStream> {
    let krate = &supervisor.krate;
    let listed = supervisor.children().iter().filter_map(|child| {
        let (cfg, ty) = (child.carried.cfg(), ty(supervisor, child)?);
        let depth = as_child(supervisor, &ty);
        Some(quote_spanned!(types::span(&ty)=> #cfg #depth::DEPTH))
    });
    let partition = supervisor.fields.partition.iter().map(|partition| {
        let ty = listed::child_type(supervisor, 0, &partition.ty);
        let depth = as_child(supervisor, &ty);
        quote_spanned!(types::span(&ty)=> #depth::DEPTH)
    });
    let depths: Vec<_> = listed.chain(partition).collect();
    // Shown at the first child: of a supervisor that stands inside of itself, by way of another, rustc has to say.
    let at = depths.first().cloned().into_iter().flatten().next()?.span();
    Some(quote_spanned! {at=>
        const DEPTH: ::core::primitive::usize = #krate::__private::deepest([#(#depths),*]);
    })
}

/// The type of a child, if it is known by one.
pub(crate) fn ty(supervisor: &Supervisor, child: &Child) -> Option<Type> {
    if let Some(ty) = dependent::written(supervisor, child) {
        return Some(dependent::named(supervisor, child.place, ty));
    }
    match &child.form {
        Form::Type { ty, .. } => Some(listed::child_type(supervisor, child.place, ty)),
        Form::Inline(_) | Form::Task(_) | Form::Spec(_) => child.ty(),
    }
}

/// The type of a child's handle; `None` of one without a handle.
fn handle(supervisor: &Supervisor, child: &Child) -> Option<TokenStream> {
    let krate = &supervisor.krate;
    if let Form::Task(_) = child.form {
        return Some(quote!(#krate::TaskRef));
    }
    let ty = ty(supervisor, child)?;
    let as_child = as_child(supervisor, &ty);
    Some(match &child.form {
        Form::Type { .. } => quote_spanned!(types::span(&ty)=> #as_child::Handle),
        // What is declared here is its own handle, whatever its children are.
        Form::Inline(_) | Form::Task(_) | Form::Spec(_) => quote!(#ty),
    })
}

/// What a supervisor keeps of a child: the type, without the path of the function that makes one.
fn kept(supervisor: &Supervisor, child: &Child) -> Option<(TokenStream, TokenStream)> {
    let krate = &supervisor.krate;
    if let Form::Task(_) = child.form {
        let reference = quote!(#krate::TaskRef);
        return Some((reference.clone(), reference));
    }
    let ty = ty(supervisor, child)?;
    let kept = quote!(#krate::__private::KeptHandle);
    Some((quote_spanned!(types::span(&ty)=> #kept<#ty>), kept))
}

/// The type of a child's field, and how it begins.
pub(crate) fn field(supervisor: &Supervisor, child: &Child) -> Option<(TokenStream, TokenStream)> {
    let krate = &supervisor.krate;
    if let Some(ty) = dependent::written(supervisor, child) {
        let vacant = match child.times {
            Times::Once | Times::If(_) => {
                let vacant = dependent::vacant(supervisor, child, ty);
                quote_spanned!(types::span(ty)=> #vacant())
            }
            Times::Each(..) => quote!(#krate::__private::Handles::vacant()),
        };
        return Some((dependent::kept(supervisor, child), vacant));
    }
    let (kept, function) = kept(supervisor, child)?;
    let (plain, vacant) = match child.times {
        Times::Once | Times::If(_) => (kept, quote!(#function::vacant())),
        Times::Each(..) => (
            kept_in_list(krate, &kept),
            quote!(#krate::__private::Handles::vacant()),
        ),
    };
    Some((part(supervisor, child, "Kept", plain), vacant))
}

/// The type of what is kept of many.
pub(crate) fn kept_in_list(krate: &TokenStream, kept: &TokenStream) -> TokenStream {
    quote!(#krate::__private::Handles<#kept>)
}

/// The type of what a child's name stands for in an argument, and of what its method gives.
pub(crate) fn given(supervisor: &Supervisor, child: &Child) -> Option<TokenStream> {
    let handle = handle(supervisor, child)?;
    Some(part(
        supervisor,
        child,
        "Given",
        as_often(supervisor, child, handle),
    ))
}

/// The same, in the head of its method.
pub(crate) fn returned(supervisor: &Supervisor, child: &Child) -> Option<TokenStream> {
    let plain = given(supervisor, child)?;
    Some(match &child.form {
        Form::Type { ty, .. } => listed::given(supervisor, child.place, ty, &plain),
        Form::Inline(_) | Form::Task(_) | Form::Spec(_) => plain,
    })
}

/// What is known of a child by its type is named where it is looked at.
fn part(supervisor: &Supervisor, child: &Child, part: &str, plain: TokenStream) -> TokenStream {
    match &child.form {
        Form::Type { ty, .. } => listed::part(supervisor, child.place, ty, part, &plain),
        Form::Inline(_) | Form::Task(_) | Form::Spec(_) => plain,
    }
}

/// The same, as a supervisor inside of a generic one takes it: it knows only those parameters that it mentions.
pub(crate) fn given_inside(supervisor: &Supervisor, child: &Child) -> Option<TokenStream> {
    match &child.form {
        Form::Type { ty, .. } if supervisor.is_generic() => {
            let as_child = as_child(supervisor, ty);
            Some(as_often(supervisor, child, quote!(#as_child::Handle)))
        }
        _ => given(supervisor, child),
    }
}

/// The type of one, or of many.
pub(crate) fn as_often(supervisor: &Supervisor, child: &Child, handle: TokenStream) -> TokenStream {
    let krate = &supervisor.krate;
    match child.times {
        Times::Once | Times::If(_) => handle,
        Times::Each(..) => quote!(#krate::__private::Vec<#handle>),
    }
}
