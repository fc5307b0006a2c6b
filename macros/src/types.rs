//! What can be told of a type from how it is written.

mod obstacle;
mod parameters;
mod taken;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::spanned::Spanned;
use syn::{
    CapturedParam, FnArg, GenericArgument, Generics, PathArguments, PathSegment, ReturnType,
    Signature, Type, TypeImplTrait, TypeParamBound, TypeTraitObject,
};

use crate::tokens;

pub(crate) use self::obstacle::{Obstacle, is_elided_cow, obstacle};
pub(crate) use self::parameters::{keep, may_be_any, parameter_names, said};
pub(crate) use self::taken::{Parameters, Taken, given, plainly_taken, taken};

/// The type inside parentheses and the invisible groups that `macro_rules!` puts around `$ty`.
pub(crate) fn ungroup(mut ty: &Type) -> &Type {
    loop {
        match ty {
            Type::Group(group) => ty = &group.elem,
            Type::Paren(paren) => ty = &paren.elem,
            _ => return ty,
        }
    }
}

fn ungroup_mut(ty: &mut Type) -> &mut Type {
    match ty {
        Type::Group(group) => ungroup_mut(&mut group.elem),
        Type::Paren(paren) => ungroup_mut(&mut paren.elem),
        _ => ty,
    }
}

/// The signature without a `+` that ends a type: `dyn A +` is one, but `<dyn A + as Future>` is nothing.
pub(crate) fn end_bounds(signature: &mut Signature) {
    let output = match &mut signature.output {
        ReturnType::Type(_, ty) => Some(ty),
        ReturnType::Default => None,
    };
    let inputs = signature.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(&mut typed.ty),
        FnArg::Receiver(_) => None,
    });
    for ty in inputs.chain(output) {
        if let Type::TraitObject(TypeTraitObject { bounds, .. })
        | Type::ImplTrait(TypeImplTrait { bounds, .. }) = &mut **ty
        {
            bounds.pop_punct();
        }
    }
}

/// The name of a handle that is borrowed, as far as its spelling tells: `AccountClient` of `&AccountClient`.
pub(crate) fn borrowed_handle(ty: &Type) -> Option<&Ident> {
    let Type::Reference(reference) = ungroup(ty) else {
        return None;
    };
    let name = &last_segment(&reference.elem)?.ident;
    let text = name.to_string();
    (text.ends_with("Client") || text.ends_with("Ref")).then_some(name)
}

/// The last segment of a path type: `Context<Self>` of `suptree::Context<Self>`.
fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ungroup(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// Whether this is `&mut Context<..>` or `&Context<..>`.
pub(crate) fn is_context(ty: &Type) -> bool {
    let Type::Reference(reference) = ungroup(ty) else {
        return false;
    };
    last_segment(&reference.elem).is_some_and(|segment| segment.ident == "Context")
}

/// The `Other` of a `&mut Context<Other>`, which may be another name of the server, or another type. `server`: what `Self` is called.
pub(crate) fn other_context<'a>(ty: &'a Type, server: Option<&Ident>) -> Option<&'a Type> {
    let Type::Reference(reference) = ungroup(ty) else {
        return None;
    };
    let context = last_segment(&reference.elem).filter(|segment| segment.ident == "Context")?;
    let PathArguments::AngleBracketed(arguments) = &context.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(other)) if arguments.args.len() == 1 => {
            (!is_server(other, server)).then_some(other)
        }
        _ => None,
    }
}

/// Makes it a `&mut Context<Self>`; whether it was such a one.
pub(crate) fn own_context(ty: &mut Type, server: Option<&Ident>) -> bool {
    if other_context(ty, server).is_none() {
        return false;
    }
    let context = ungroup_mut(ty);
    let Type::Reference(reference) = context else {
        return false;
    };
    let Type::Path(path) = ungroup_mut(&mut reference.elem) else {
        return false;
    };
    let last = path.path.segments.last_mut();
    if let Some(PathArguments::AngleBracketed(arguments)) = last.map(|last| &mut last.arguments)
        && let Some(other) = arguments.args.first_mut()
    {
        let own = Ident::new("Self", other.span());
        *other = GenericArgument::Type(syn::parse_quote!(#own));
    }
    true
}

/// Whether this is `&Context<..>`.
pub(crate) fn is_shared_context(ty: &Type) -> bool {
    is_context(ty) && !is_mutable_reference(ty)
}

/// Whether this is `Context<Self>` itself, not behind a reference. `server`: what `Self` is called.
pub(crate) fn is_owned_context(ty: &Type, server: Option<&Ident>) -> bool {
    let Some(segment) = last_segment(ty).filter(|segment| segment.ident == "Context") else {
        return false;
    };
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return false;
    };
    arguments
        .args
        .iter()
        .any(|argument| matches!(argument, GenericArgument::Type(ty) if is_server(ty, server)))
}

/// The type of a message that was meant: `Tick` of `&Tick`, which is a mistake.
pub(crate) fn meant(ty: &Type) -> &Type {
    match ungroup(ty) {
        Type::Reference(reference) if obstacle(ty).is_some() => &reference.elem,
        _ => ty,
    }
}

/// Whether this is a reference.
pub(crate) fn is_reference(ty: &Type) -> bool {
    matches!(ungroup(ty), Type::Reference(_))
}

/// A type that borrows, with `'_` for each lifetime that is none of these. `None`: it does not borrow, or all of its are.
pub(crate) fn without_unknown_lifetimes(ty: &Type, declared: &[Ident]) -> Option<Type> {
    let tokens = quote!(#ty);
    let is_bound = tokens::mention(tokens.clone(), &Ident::new("for", Span::call_site()));
    if is_bound || !matches!(obstacle(ty), Some(Obstacle::Borrow(_))) {
        return None;
    }
    let mut found = false;
    let known = |name: &Ident| name == "static" || name == "_" || declared.contains(name);
    let replaced = tokens::with_lifetimes(tokens, &mut |name| {
        let is_known = known(name);
        found |= !is_known;
        (!is_known).then(|| Ident::new("_", name.span()))
    });
    syn::parse2(replaced).ok().filter(|_| found)
}

/// Whether this is a `Result`.
pub(crate) fn is_result(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == "Result")
}

/// Whether this is `&mut T`.
pub(crate) fn is_mutable_reference(ty: &Type) -> bool {
    matches!(ungroup(ty), Type::Reference(reference) if reference.mutability.is_some())
}

/// The `ReplyTo<R>` of a `&ReplyTo<R>`.
pub(crate) fn borrowed_reply_to(ty: &Type) -> Option<&Type> {
    match ungroup(ty) {
        Type::Reference(reference) if reply_to(&reference.elem).is_some() => Some(&reference.elem),
        _ => None,
    }
}

/// The `R` of a `ReplyTo<R>`, also of one that is borrowed, which is a mistake.
pub(crate) fn reply_handle(ty: &Type) -> Option<&Type> {
    reply_to(borrowed_reply_to(ty).unwrap_or(ty))
}

/// The `R` of a `ReplyTo<R>`.
pub(crate) fn reply_to(ty: &Type) -> Option<&Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == "ReplyTo")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// Whether this is a `ReplyTo`, which does not say what is replied. One with a path is a type of the user's own.
pub(crate) fn is_reply_of_nothing(ty: &Type) -> bool {
    is_ident(ty, &Ident::new("ReplyTo", Span::call_site()))
}

/// What a future of this type gives: `R` of `impl Future<Output = R>`. `None`: it does not say so.
pub(crate) fn future_output(ty: &Type) -> Option<Type> {
    let Type::ImplTrait(implement) = ungroup(ty) else {
        return syn::parse2(quote!(<#ty as ::core::future::Future>::Output)).ok();
    };
    let bounds = implement.bounds.iter();
    let segments = bounds.filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last(),
        _ => None,
    });
    segments
        .filter_map(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
            _ => None,
        })
        .flatten()
        .find_map(|argument| match argument {
            GenericArgument::AssocType(assoc) if assoc.ident == "Output" => Some(assoc.ty.clone()),
            _ => None,
        })
}

/// Whether this is an `impl Trait` that does not say that it borrows nothing: in edition 2024 it borrows all that there is.
pub(crate) fn may_borrow(ty: &Type) -> bool {
    let Type::ImplTrait(implement) = ungroup(ty) else {
        return false;
    };
    !implement.bounds.iter().any(|bound| match bound {
        TypeParamBound::PreciseCapture(captured) => {
            let is_lifetime = |param: &CapturedParam| matches!(param, CapturedParam::Lifetime(_));
            !captured.params.iter().any(is_lifetime)
        }
        TypeParamBound::Lifetime(lifetime) => lifetime.ident == "static",
        _ => false,
    })
}

/// Whether this is an `impl Trait`.
pub(crate) fn is_impl(ty: &Type) -> bool {
    matches!(ungroup(ty), Type::ImplTrait(_))
}

/// Whether this is a `Box`, or a `Pin`.
pub(crate) fn is_boxed(ty: &Type) -> bool {
    let Type::Path(path) = ungroup(ty) else {
        return false;
    };
    let last = path.path.segments.last();
    last.is_some_and(|last| last.ident == "Box" || last.ident == "Pin")
}

/// Whether this is `()`.
pub(crate) fn is_unit(ty: &Type) -> bool {
    matches!(ungroup(ty), Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// Whether this is `!`.
pub(crate) fn is_never(ty: &Type) -> bool {
    matches!(ungroup(ty), Type::Never(_))
}

/// Whether this is this name, and nothing more.
pub(crate) fn is_ident(ty: &Type, ident: &Ident) -> bool {
    matches!(ungroup(ty), Type::Path(path) if path.qself.is_none() && path.path.is_ident(ident))
}

/// Whether this is `Self`.
pub(crate) fn is_self(ty: &Type) -> bool {
    matches!(ungroup(ty), Type::Path(path) if path.qself.is_none() && path.path.is_ident("Self"))
}

/// Whether this is a path to a type of this name, without arguments; or behind a `&` or `&mut`, where the name has one.
pub(crate) fn is_called(ty: &Type, name: &str) -> bool {
    match (
        ungroup(ty),
        name.strip_prefix("&mut "),
        name.strip_prefix('&'),
    ) {
        (Type::Reference(of), Some(name), _) => {
            of.mutability.is_some() && is_called(&of.elem, name)
        }
        (Type::Reference(of), None, Some(name)) => {
            of.mutability.is_none() && is_called(&of.elem, name)
        }
        (_, None, None) => last_segment(ty).is_some_and(|segment| {
            segment.ident == name && matches!(segment.arguments, PathArguments::None)
        }),
        _ => false,
    }
}

/// Whether this is `Self`, or the type of this name, wherever it is.
pub(crate) fn is_server(ty: &Type, server: Option<&Ident>) -> bool {
    is_self(ty) || server.is_some() && name(ty) == server
}

/// Whether this borrows `Self`, or a type that may be another name of it. `server`: what `Self` is called.
pub(crate) fn borrows_server(ty: &Type, server: Option<&Ident>) -> bool {
    let Type::Reference(reference) = ungroup(ty) else {
        return false;
    };
    let is_plain = |segment: &PathSegment| matches!(segment.arguments, PathArguments::None);
    is_server(&reference.elem, server)
        || server.is_some() && last_segment(&reference.elem).is_some_and(is_plain)
}

/// The last word of a path type.
pub(crate) fn name(ty: &Type) -> Option<&Ident> {
    last_segment(ty).map(|segment| &segment.ident)
}

/// What is `Clone + Send + 'static` where its parameters are.
const OF_PLAIN: &[&str] = &[
    "Option", "Vec", "Box", "Result", "BTreeMap", "BTreeSet", "HashMap", "HashSet", "VecDeque",
];

/// Whether this is one of std's everyday types, of which everybody knows that they are `Clone + Send + 'static`, or made of
/// these and the parameters: such a type needs no check of its own, and the expansion reads better without.
pub(crate) fn is_everyday(ty: &Type, params: &Generics) -> bool {
    const PLAIN: &[&str] = &[
        "bool",
        "char",
        "f32",
        "f64",
        "i8",
        "i16",
        "i32",
        "i64",
        "i128",
        "isize",
        "u8",
        "u16",
        "u32",
        "u64",
        "u128",
        "usize",
        "str",
        "String",
        "PathBuf",
        "Duration",
        "Pid",
        "ExitReason",
    ];
    match ungroup(ty) {
        Type::Tuple(tuple) => tuple.elems.iter().all(|ty| is_everyday(ty, params)),
        Type::Reference(reference) => {
            reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static")
                && reference.mutability.is_none()
                && is_str(&reference.elem)
        }
        Type::Never(_) => true,
        Type::Path(path) if path.qself.is_none() && path.path.segments.len() == 1 => {
            path.path.segments.iter().all(|segment| match &segment.arguments {
                PathArguments::None => {
                    PLAIN.iter().any(|plain| segment.ident == plain)
                        || params.type_params().any(|param| param.ident == segment.ident)
                }
                PathArguments::AngleBracketed(arguments) => {
                    let plain = |arg: &GenericArgument| matches!(arg, GenericArgument::Type(ty) if is_everyday(ty, params));
                    OF_PLAIN.iter().any(|plain| segment.ident == plain) && arguments.args.iter().all(plain)
                }
                PathArguments::Parenthesized(_) => false,
            })
        }
        _ => false,
    }
}

/// Whether a type associated with one of these parameters stands in this one: `T::Item`, `<T as Iterator>::Item`.
pub(crate) fn mentions_associated<'a>(
    ty: TokenStream,
    params: &(impl Iterator<Item = &'a Ident> + Clone),
) -> bool {
    let mut tokens = ty.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let found = match token {
            TokenTree::Group(group) => mentions_associated(group.stream(), params),
            TokenTree::Ident(ident) if ident == "as" => true,
            TokenTree::Ident(ident) => {
                let is_path = matches!(tokens.peek(), Some(TokenTree::Punct(colon)) if colon.as_char() == ':');
                is_path && params.clone().any(|param| *param == ident)
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        };
        if found {
            return true;
        }
    }
    false
}

/// Whether lifetimes stand in a type, or are left out: `&'static str`, `Box<dyn Job>`.
pub(crate) fn mentions_lifetimes(ty: TokenStream) -> bool {
    ty.into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions_lifetimes(group.stream()),
        TokenTree::Ident(ident) => ident == "dyn" || ident == "fn",
        TokenTree::Punct(punct) => matches!(punct.as_char(), '&' | '\''),
        TokenTree::Literal(_) => false,
    })
}

/// Whether what this type is generic over is covered by it, so that a trait of ours may be implemented for it.
pub(crate) fn covers(ty: &Type) -> bool {
    match ungroup(ty) {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            !matches!(last.arguments, PathArguments::None)
                && last.ident != "Box"
                && last.ident != "Pin"
        }),
        Type::Tuple(_) | Type::Array(_) => true,
        _ => false,
    }
}

/// Whether this is one of the types that everybody knows to be `Copy`.
pub(crate) fn is_copy(ty: &Type) -> bool {
    const COPY: &[&str] = &[
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
        "u32", "u64", "u128", "usize", "Duration", "Pid",
    ];
    match ungroup(ty) {
        Type::Reference(reference) => reference.mutability.is_none(),
        Type::Path(path) => COPY.iter().any(|copy| path.path.is_ident(copy)),
        _ => false,
    }
}

/// Whether a type is not `Send` by its spelling, whatever the user's types in it are: `Rc<T>`, a guard, a raw pointer, or one of the
/// everyday types of these; or `dyn Trait` without `Send`, where nothing else is unknown about the type.
pub(crate) fn cannot_travel(ty: &Type) -> bool {
    never_travels(ty) || is_everyday_but(ty) == Some(true)
}

fn never_travels(ty: &Type) -> bool {
    const NEVER: &[&str] = &[
        "Rc",
        "MutexGuard",
        "RwLockReadGuard",
        "RwLockWriteGuard",
        "NonNull",
    ];
    match ungroup(ty) {
        Type::Ptr(_) => true,
        Type::Tuple(tuple) => tuple.elems.iter().any(never_travels),
        Type::Array(array) => never_travels(&array.elem),
        Type::Path(path) if path.qself.is_none() => {
            let last = path.path.segments.last();
            last.is_some_and(|last| {
                NEVER.iter().any(|never| last.ident == never)
                    || of_plain(last).is_some_and(|mut types| types.any(never_travels))
            })
        }
        _ => false,
    }
}

/// `None`: something is unknown. Else, whether a `dyn Trait` without `Send` was found.
fn is_everyday_but(ty: &Type) -> Option<bool> {
    let all = |types: &mut dyn Iterator<Item = &Type>| {
        let mut found = false;
        for ty in types {
            found |= is_everyday_but(ty)?;
        }
        Some(found)
    };
    match ungroup(ty) {
        ty if is_everyday(ty, &Generics::default()) => Some(false),
        Type::TraitObject(of) => Some(!of.bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => {
                let last = bound.path.segments.last();
                last.is_some_and(|last| last.ident == "Send")
            }
            _ => false,
        })),
        Type::Tuple(tuple) => all(&mut tuple.elems.iter()),
        Type::Path(path) if path.qself.is_none() => all(&mut of_plain(path.path.segments.last()?)?),
        _ => None,
    }
}

/// The types that one of std's everyday types is made of.
fn of_plain(segment: &PathSegment) -> Option<impl Iterator<Item = &Type>> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    OF_PLAIN
        .iter()
        .any(|plain| segment.ident == plain)
        .then(|| {
            arguments.args.iter().filter_map(|arg| match arg {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        })
}

/// Whether this is one of std's owned texts, for which a `&str` will do: see `suptree::IntoArg`.
pub(crate) fn is_text(ty: &Type) -> bool {
    let Some(segment) = last_segment(ty) else {
        return false;
    };
    match &segment.arguments {
        PathArguments::None => segment.ident == "String" || segment.ident == "PathBuf",
        PathArguments::AngleBracketed(arguments) => {
            let pointer = ["Box", "Arc", "Cow"]
                .iter()
                .any(|pointer| segment.ident == pointer);
            let to_str =
                |arg: &GenericArgument| matches!(arg, GenericArgument::Type(ty) if is_str(ty));
            pointer && arguments.args.last().is_some_and(to_str)
        }
        PathArguments::Parenthesized(_) => false,
    }
}

/// Whether this is a text that is a name by its letters: `String`, `Arc<str>` or `&'static str`.
pub(crate) fn is_string(ty: &Type) -> bool {
    if let Type::Reference(reference) = ungroup(ty) {
        return is_str(&reference.elem);
    }
    let name = last_segment(ty).map(|segment| segment.ident.to_string());
    is_text(ty) && matches!(name.as_deref(), Some("String" | "Arc"))
}

fn is_str(ty: &Type) -> bool {
    matches!(ungroup(ty), Type::Path(path) if path.path.is_ident("str"))
}

/// Whether it is something of other types, or of constants: `Stack<u8>`.
pub(crate) fn has_arguments(ty: &Type) -> bool {
    match ungroup(ty) {
        Type::Path(path) => {
            let mut segments = path.path.segments.iter();
            segments.any(|segment| !segment.arguments.is_empty())
        }
        _ => false,
    }
}

/// The span for a check of this type: of its first token, since stable Rust cannot join spans in a macro.
pub(crate) fn span(ty: &Type) -> Span {
    ungroup(ty).span()
}
