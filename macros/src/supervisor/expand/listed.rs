//! Children and arguments as generated code names them, and the one place where the compiler is asked about each.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Generics, Type};

use crate::checked::question;
use crate::supervisor::expand::children::{
    as_often, kept_in_list, mentions_parameters, required_to_name,
};
use crate::supervisor::expand::dependent;
use crate::supervisor::model::{Args, Form, Partition, Supervisor, Times};
use crate::tokens::{respan, uses_variable};
use crate::types;

/// `__Child0`, which is `Cache`: where it cannot be a child, it is nothing that the compiler has a word for.
///
/// What is known when the supervisor's parameters are is named as it is written.
pub(crate) fn child_type(supervisor: &Supervisor, nth: usize, ty: &Type) -> Type {
    if mentions_parameters(supervisor, ty) {
        return ty.clone();
    }
    if supervisor.is_generic() {
        return in_full(supervisor, nth, ty);
    }
    let name = name(nth, ty);
    syn::parse_quote!(#name)
}

/// `type __Child0 = <Cache as ChildIn<App, 0>>::Child;`, which stands beside what names it.
fn alias(supervisor: &Supervisor, nth: usize, ty: &Type) -> Option<TokenStream> {
    if supervisor.is_generic() || mentions_parameters(supervisor, ty) {
        return None;
    }
    // The list of parameters keeps rustc from suggesting one for what there is not.
    let params = types::has_arguments(ty).then(|| quote!(<>));
    let (name, full) = (name(nth, ty), in_full(supervisor, nth, ty));
    Some(quote!(type #name #params = #full;))
}

/// `type __Given0 = <Stack<u8> as ChildIn<App, 0>>::Given;`, where that is named.
fn given_alias(supervisor: &Supervisor, nth: usize, ty: &Type) -> Option<TokenStream> {
    let is_dependent = supervisor.is_generic() || mentions_parameters(supervisor, ty);
    if is_dependent || !types::has_arguments(ty) {
        return None;
    }
    let (name, full) = (
        given_name(nth, ty),
        part(supervisor, nth, ty, "Given", &quote!()),
    );
    Some(quote!(type #name<> = #full;))
}

/// `__Given0`, which is `<Stack<u8> as ChildIn<App, 0>>::Given`, for the head of a function: there rustc would say, of a type with wrong
/// arguments, that it is no child, too.
pub(crate) fn given(
    supervisor: &Supervisor,
    nth: usize,
    ty: &Type,
    plain: &TokenStream,
) -> TokenStream {
    if supervisor.is_generic() || !types::has_arguments(ty) {
        return part(supervisor, nth, ty, "Given", plain);
    }
    let name = given_name(nth, ty);
    quote!(#name)
}

fn given_name(nth: usize, ty: &Type) -> Ident {
    Ident::new(&format!("__Given{nth}"), types::span(ty))
}

/// At the type's place, so that what rustc has to say of it is shown there.
pub(crate) fn name(nth: usize, ty: &Type) -> Ident {
    Ident::new(&format!("__Child{nth}"), types::span(ty))
}

fn in_full(supervisor: &Supervisor, nth: usize, ty: &Type) -> Type {
    let (krate, own, nth) = (&supervisor.krate, supervisor.ty(), number(nth));
    let listed = quote!(as #krate::__private::ChildIn<#own, #nth>>::Child);
    syn::parse2(of(ty, &listed)).unwrap_or_else(|_| ty.clone())
}

/// `<Cache as ..>::..`, shown where the type begins, in which each token stays where it is: of a type that cannot be, as `Cache<u8>`, rustc
/// then says the same wherever it is named.
pub(super) fn of(ty: &Type, path: &TokenStream) -> TokenStream {
    let at = types::span(ty);
    // The first token says where an error is about, and to rustc whether the user has written it.
    let (first, path) = (quote_spanned!(at=> <), respan(path, at));
    quote!(#first #ty #path)
}

/// `<Cache as ChildIn<App, 0>>::Kept`, or `Given`: the type of what a supervisor keeps of a child, and of what it gives; or this
/// one, of a type that depends on the supervisor's parameters.
pub(crate) fn part(
    supervisor: &Supervisor,
    nth: usize,
    ty: &Type,
    part: &str,
    plain: &TokenStream,
) -> TokenStream {
    if mentions_parameters(supervisor, ty) {
        return plain.clone();
    }
    let (krate, own, nth) = (&supervisor.krate, supervisor.ty(), number(nth));
    let part = Ident::new(part, Span::call_site());
    of(
        ty,
        &quote!(as #krate::__private::ChildIn<#own, #nth>>::#part),
    )
}

/// `<Config as ArgIn<App, 0>>::Arg`
pub(crate) fn argument_type(supervisor: &Supervisor, nth: usize, ty: &Type) -> TokenStream {
    if !is_asked_about(supervisor, nth, ty) {
        return quote!(#ty);
    }
    let (krate, own, nth) = (&supervisor.krate, supervisor.ty(), number(nth));
    of(ty, &quote!(as #krate::__private::ArgIn<#own, #nth>>::Arg))
}

/// ```text
/// impl ChildIn<App, 0> for Cache {
///     type Listed = Checked<Cache, { asked::<<Cache as ListedChild>::Itself>() }>;
///     type Kept = KeptHandle<Self::Listed>;
///     type Child = Checked<Cache, { asked::<<Args as RestartArgs<Cache>>::Itself>() }>;
///     type Given = <Self::Child as Child>::Handle;
/// }
/// ```
///
/// A type that cannot be a child makes one error, at that type: this makes it, and everything else names what is made here.
pub(crate) fn children(supervisor: &Supervisor) -> TokenStream {
    let krate = &supervisor.krate;
    let children = supervisor.children().iter();
    let listed = children.filter_map(|child| match &child.form {
        Form::Type { ty, .. } if mentions_parameters(supervisor, ty) => {
            let cfg = child.carried.cfg();
            Some(dependent::alias(supervisor, child.place, &cfg, ty))
        }
        Form::Type { ty, args } => {
            let handle = |of: &TokenStream| quote!(<#of as #krate::Child>::Handle);
            let kept = |of: &TokenStream| {
                let kept = quote!(#krate::__private::KeptHandle<#of>);
                match child.times {
                    Times::Once | Times::If(_) => kept,
                    Times::Each(..) => kept_in_list(krate, &kept),
                }
            };
            let given = |_: &TokenStream, of: &TokenStream| as_often(supervisor, child, handle(of));
            let listed = restartable(supervisor, child.place, ty, args, kept, given)?;
            let cfg = child.carried.cfg();
            let alias = alias(supervisor, child.place, ty).map(|alias| quote!(#cfg #alias));
            Some(quote!(#alias #cfg #listed))
        }
        Form::Inline(_) | Form::Task(_) | Form::Spec(_) => None,
    });
    // In the order of their names, for a lint.
    let given = supervisor.children().iter().filter_map(|child| {
        let Form::Type { ty, .. } = &child.form else {
            return None;
        };
        let (cfg, alias) = (
            child.carried.cfg(),
            given_alias(supervisor, child.place, ty)?,
        );
        Some(quote!(#cfg #alias))
    });
    listed.chain(given).collect()
}

/// The same of the one type of a partition supervisor, which keeps a reference to all of them.
pub(crate) fn partition(supervisor: &Supervisor, partition: &Partition) -> Option<TokenStream> {
    let krate = &supervisor.krate;
    let Partition { ty, args, .. } = partition;
    let reference = |of: &TokenStream| quote!(#krate::PartitionSupervisorRef<#of>);
    let given = |listed: &TokenStream, child: &TokenStream| {
        let reference = reference(listed);
        quote!(#krate::__private::After<#reference, #child>)
    };
    let (alias, given_alias) = (alias(supervisor, 0, ty), given_alias(supervisor, 0, ty));
    let listed = restartable(supervisor, 0, ty, args, reference, given)?;
    Some(quote!(#alias #given_alias #listed))
}

/// What is said about an argument that a child gets is not said once more of what gets it.
fn restartable(
    supervisor: &Supervisor,
    nth: usize,
    ty: &Type,
    args: &Args,
    kept: impl Fn(&TokenStream) -> TokenStream,
    given: impl Fn(&TokenStream, &TokenStream) -> TokenStream,
) -> Option<TokenStream> {
    let krate = &supervisor.krate;
    let [listed, child] = looked_at(supervisor, nth);
    let own = supervisor.params.iter().enumerate();
    let own = own.filter(|(nth, (param, ty))| {
        is_asked_about(supervisor, *nth, ty) && args.uses(param, uses_variable)
    });
    let args = own.fold(
        quote!(<#listed as #krate::Child>::Args),
        |args, (nth, (_, ty))| {
            let arg = argument_type(supervisor, nth, ty);
            quote!(#krate::__private::After<#args, #arg>)
        },
    );
    let is_child = checked(krate, ty, &quote!(#ty), &quote!(#krate::ListedChild));
    let is_clone = then(
        supervisor,
        ty,
        &listed,
        &args,
        &quote!(#krate::RestartArgs<#ty>),
    );
    let (kept, given) = (kept(&listed), given(&listed, &child));
    implemented(supervisor, nth, ty, [&is_child, &kept, &is_clone, &given])
}

/// The same of the types of a dynamic supervisor, which keeps this reference to all of them; with these extra arguments, with which
/// theirs begin.
pub(crate) fn dynamic(
    supervisor: &Supervisor,
    types: &[Type],
    reference: &TokenStream,
    extra: Option<&TokenStream>,
) -> TokenStream {
    let krate = &supervisor.krate;
    let listed = types.iter().enumerate();
    // Where one of them can be no child, there is nothing to start the others with either.
    let given = listed.clone().fold(reference.clone(), |given, (nth, ty)| {
        let child = child_type(supervisor, nth, ty);
        let given = quote!(#krate::__private::After<#given, #child>);
        match extra {
            Some(extra) if !mentions_parameters(supervisor, quote!(#extra #ty)) => {
                let begins = begins_with(krate, ty, extra);
                quote!(#krate::__private::After<#given, #begins>)
            }
            _ => given,
        }
    });
    let first = types.first();
    let listed = listed.filter_map(|(nth, ty)| {
        if mentions_parameters(supervisor, ty) {
            return Some(dependent::alias(supervisor, nth, &quote!(), ty));
        }
        let is_child = checked(krate, ty, &quote!(#ty), &quote!(#krate::ListedChild));
        let [listed, _] = looked_at(supervisor, nth);
        let asked = quote!(#krate::__private::After<#ty, #listed>);
        let child = then(
            supervisor,
            ty,
            &listed,
            &asked,
            &quote!(#krate::DynamicChild),
        );
        let given = match (nth, first) {
            (1.., Some(first)) => part(supervisor, 0, first, "Given", reference),
            _ => given.clone(),
        };
        let alias = alias(supervisor, nth, ty);
        let listed = implemented(supervisor, nth, ty, [&is_child, reference, &child, &given])?;
        Some(quote!(#alias #listed))
    });
    // All of them have one reference, which is named by the first.
    let given = first.and_then(|first| given_alias(supervisor, 0, first));
    listed.chain(given).collect()
}

/// `Checked<Room, { let _: fn() = || AfterExtra::<Room>::new().begins_with::<(Config,)>(); 0 }>`, shown at the type.
fn begins_with(krate: &TokenStream, ty: &Type, extra: &TokenStream) -> TokenStream {
    let asked = quote!({
        let _: fn() = || {
            use #krate::__private::NoDynamicChild as _;
            #krate::__private::AfterExtra::<#ty>::new().begins_with::<#extra>();
        };
        0
    });
    let asked = respan(&asked, types::span(ty));
    quote!(#krate::__private::Checked<#ty, #asked>)
}

/// The second question about a type. A constant cannot name a generic supervisor, through which the answer to the first is known: there
/// the compiler asks by itself, where the child is started.
fn then(
    supervisor: &Supervisor,
    ty: &Type,
    listed: &TokenStream,
    of: &TokenStream,
    wanted: &TokenStream,
) -> TokenStream {
    if supervisor.is_generic() {
        listed.clone()
    } else {
        checked(&supervisor.krate, ty, of, wanted)
    }
}

/// `<Self as ChildIn<App, 0>>::Listed`, and `Child`.
fn looked_at(supervisor: &Supervisor, nth: usize) -> [TokenStream; 2] {
    let (krate, own, nth) = (&supervisor.krate, supervisor.ty(), number(nth));
    let in_it = quote!(<Self as #krate::__private::ChildIn<#own, #nth>>);
    [quote!(#in_it::Listed), quote!(#in_it::Child)]
}

fn implemented(
    supervisor: &Supervisor,
    nth: usize,
    ty: &Type,
    [listed, kept, child, given]: [&TokenStream; 4],
) -> Option<TokenStream> {
    if mentions_parameters(supervisor, ty) {
        return None;
    }
    let (krate, own, nth) = (&supervisor.krate, supervisor.ty(), number(nth));
    let (impl_generics, _, _) = supervisor.generics.split_for_impl();
    let required = required_to_name(supervisor);
    Some(quote! {
        impl #impl_generics #krate::__private::ChildIn<#own, #nth> for #ty #required {
            type Listed = #listed;
            type Kept = #kept;
            type Child = #child;
            type Given = #given;
        }
    })
}

/// `Checked<Cache, { asked::<<Cache as ListedChild>::Itself>() }>`, shown at the type.
fn checked(krate: &TokenStream, ty: &Type, of: &TokenStream, wanted: &TokenStream) -> TokenStream {
    let question = question(types::span(ty), of, wanted, "Itself");
    crate::checked::checked(krate, ty, &question)
}

/// ```text
/// impl ArgIn<App, 0> for Config {
///     type Arg = Checked<Config, { asked::<<Config as SupervisorArg>::Itself>() }>;
/// }
/// ```
///
/// What may not be there is asked about where it is listed, and is implemented by the supervisor:
///
/// ```text
/// impl ArgIn<Inner, 0> for Inner {
///     #[cfg(unix)]
///     type Arg = <Cache as ChildIn<App, 0>>::Given;
///     #[cfg(not(any(unix)))]
///     type Arg = ();
/// }
/// ```
pub(crate) fn arguments(supervisor: &Supervisor) -> TokenStream {
    let (krate, own) = (&supervisor.krate, supervisor.ty());
    let (impl_generics, _, _) = supervisor.generics.split_for_impl();
    let required = required_to_name(supervisor);
    let params = supervisor.params.iter().enumerate();
    let params = params.filter(|(nth, (_, ty))| is_asked_about(supervisor, *nth, ty));
    let listed = params.map(|(nth, (_, ty))| {
        let arg = checked(krate, ty, &quote!(#ty), &quote!(#krate::SupervisorArg));
        let nth = number(nth);
        quote! {
            impl #impl_generics #krate::__private::ArgIn<#own, #nth> for #ty #required {
                type Arg = #arg;
            }
        }
    });
    let conditional = supervisor.conditional.iter();
    let conditional = conditional.map(|conditional| {
        let nth = number(conditional.place);
        let cases = conditional.cases.iter();
        let cases = cases.map(|(carried, ty)| {
            let cfg = carried.cfg();
            quote!(#cfg type Arg = #ty;)
        });
        let conditions = conditional.cases.iter();
        let conditions = conditions.map(|(carried, _)| carried.condition());
        quote! {
            impl #impl_generics #krate::__private::ArgIn<#own, #nth> for #own #required {
                #(#cases)*
                #[cfg(not(any(#(#conditions),*)))]
                type Arg = ();
            }
        }
    });
    listed.chain(conditional).collect()
}

/// `<Inner as ArgIn<Inner, 0>>::Arg`: the type of a parameter of this supervisor that stands for a child which may not be there.
pub(crate) fn conditional_type(supervisor: &Supervisor, nth: usize) -> Option<Type> {
    let (krate, own, nth) = (&supervisor.krate, supervisor.ty(), number(nth));
    syn::parse2(quote!(<#own as #krate::__private::ArgIn<#own, #nth>>::Arg)).ok()
}

/// Whether an argument of this type may be none, as far as can be told.
fn is_asked_about(supervisor: &Supervisor, nth: usize, ty: &Type) -> bool {
    let mut conditional = supervisor.conditional.iter();
    !conditional.any(|conditional| conditional.place == nth)
        && !types::is_everyday(ty, &Generics::default())
        && !mentions_parameters(supervisor, ty)
}

/// A place in a list, as one would write it.
fn number(nth: usize) -> Literal {
    Literal::usize_unsuffixed(nth)
}
