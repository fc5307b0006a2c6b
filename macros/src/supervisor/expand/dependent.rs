//! Children whose types depend on the supervisor's parameters.
//!
//! ```text
//! App<M: Mailer>(mailer: M) { .. children: [Post<M>(mailer)] }
//! ```
//!
//! No constant can ask about such a type. A bound that is missing is missing wherever the type is used, and the compiler says so each
//! time. But what it says twice in the same words, at the same place, it shows once. So the type is named by an alias, which leads to
//! the same question before any other; all that is made of it stands at the child's type, with the user's spans; and the supervisor's
//! own type does not mention it.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{GenericParam, Type};

use crate::supervisor::expand::children::{kept_in_list, mentions_parameters};
use crate::supervisor::expand::listed;
use crate::supervisor::model::{Child, Form, Supervisor, Times};
use crate::tokens::{mention, respan, written_at};
use crate::{tokens, types};

/// The type of such a child, as it was written.
pub(crate) fn written<'a>(supervisor: &Supervisor, child: &'a Child) -> Option<&'a Type> {
    match &child.form {
        Form::Type { ty, .. } if mentions_parameters(supervisor, ty) => Some(ty),
        Form::Type { .. } | Form::Inline(_) | Form::Task(_) | Form::Spec(_) => None,
    }
}

/// Whether `M::Key` is in it: an alias, which has no bounds, does not know what that is.
fn is_by_bounds(supervisor: &Supervisor, ty: &Type) -> bool {
    let names: Vec<_> = supervisor
        .generics
        .type_params()
        .map(|param| &param.ident)
        .collect();
    tokens::begins_path(quote!(#ty), &names)
}

/// `__Child0<M>`
pub(crate) fn named(supervisor: &Supervisor, nth: usize, ty: &Type) -> Type {
    if is_by_bounds(supervisor, ty) {
        return ty.clone();
    }
    let (name, given) = (listed::name(nth, ty), mentioned(supervisor, ty, false));
    let named = written_at(&quote!(#name #given), types::span(ty));
    syn::parse2(named).unwrap_or_else(|_| ty.clone())
}

/// `<M>`: the parameters that a type mentions, as an alias declares them, or is given them.
fn mentioned(supervisor: &Supervisor, ty: &Type, declared: bool) -> TokenStream {
    let params = supervisor.generics.params.iter();
    let params = params.filter_map(|param| match param {
        GenericParam::Type(param) => Some((&param.ident, None)),
        GenericParam::Const(param) => Some((&param.ident, Some(&param.ty))),
        GenericParam::Lifetime(_) => None,
    });
    let params = params.filter(|(name, _)| mention(quote!(#ty), name));
    let params = params.map(|(name, of)| match of {
        Some(of) if declared => quote!(const #name: #of),
        _ => quote!(#name),
    });
    quote!(<#(#params),*>)
}

/// `type __Child0<M> = After<Post<M>, <Post<M> as Child>::Handle>;`
///
/// Before the compiler takes it for `Post<M>` it asks whether that is a child.
pub(crate) fn alias(
    supervisor: &Supervisor,
    nth: usize,
    cfg: &TokenStream,
    ty: &Type,
) -> TokenStream {
    if is_by_bounds(supervisor, ty) {
        return TokenStream::new();
    }
    let krate = &supervisor.krate;
    let itself = quote!(#krate::__private::After<#ty, <#ty as #krate::Child>::Handle>);
    let itself = written_at(&itself, types::span(ty));
    let (name, declared) = (listed::name(nth, ty), mentioned(supervisor, ty, true));
    quote!(#cfg type #name #declared = #itself;)
}

/// `KeptAny`, or those of a list: the type of the field.
pub(crate) fn kept(supervisor: &Supervisor, child: &Child) -> TokenStream {
    let krate = &supervisor.krate;
    let kept = quote!(#krate::__private::KeptAny);
    match child.times {
        Times::Once | Times::If(_) => kept,
        Times::Each(..) => kept_in_list(krate, &kept),
    }
}

/// `<KeptAny>::vacant::<__Child0<M>>`: how the field begins.
pub(crate) fn vacant(supervisor: &Supervisor, child: &Child, ty: &Type) -> TokenStream {
    let krate = &supervisor.krate;
    function(
        supervisor,
        child,
        ty,
        &quote!(#krate::__private::KeptAny),
        "vacant",
    )
}

/// `<KeptAny>::handle::<__Child0<M>>(&self.post)`, of what is kept.
pub(crate) fn handle(
    supervisor: &Supervisor,
    child: &Child,
    ty: &Type,
    kept: &TokenStream,
) -> TokenStream {
    let krate = &supervisor.krate;
    let (at, of) = (types::span(ty), quote!(#krate::__private::KeptAny));
    let (handle, kept) = (
        function(supervisor, child, ty, &of, "handle"),
        respan(kept, at),
    );
    quote_spanned!(at=> #handle(#kept))
}

/// `<Handles<KeptAny>>::all::<__Child0<M>>(&self.posts)`
pub(crate) fn all(supervisor: &Supervisor, child: &Child, ty: &Type) -> TokenStream {
    let (at, field) = (types::span(ty), child.field());
    let all = function(supervisor, child, ty, &kept(supervisor, child), "all");
    let kept = respan(&quote!(&self.#field), at);
    quote_spanned!(at=> #all(#kept))
}

/// A function of a trait, which rustc compares with the trait's, where the child's type stands: all of it is there, as the first and the
/// last token say.
pub(crate) fn function_at(at: Span, head: TokenStream, body: TokenStream) -> TokenStream {
    let mut head: Vec<_> = head.into_iter().collect();
    let last = head.len().saturating_sub(1);
    for place in [0, last] {
        if let Some(token) = head.get_mut(place) {
            token.set_span(at);
        }
    }
    let mut braces = Group::new(Delimiter::Brace, body);
    braces.set_span(at);
    quote!(#(#head)* #braces)
}

/// A function of what is kept. Its type stands between `<` and `>`: the first token says where an error is about.
fn function(
    supervisor: &Supervisor,
    child: &Child,
    ty: &Type,
    of: &TokenStream,
    name: &str,
) -> TokenStream {
    let named = named(supervisor, child.place, ty);
    let name = Ident::new(name, Span::call_site());
    written_at(&quote!(<#of>::#name::<#named>), types::span(ty))
}
