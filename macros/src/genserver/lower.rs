//! From the parse tree to the model: finds out what each method is for. Never fails; what is wrong is reported.

mod loose;
mod meant;
mod placing;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, FnArg, Generics, LifetimeParam, Pat, ReturnType, Token, Type, TypePath};

use self::loose::Bound;
use self::placing::{Placing, link};
use crate::carry::Carried;
use crate::code;
use crate::diag::Errors;
use crate::genserver::args::Options;
use crate::genserver::helpers::{Given, sort_attributes};
use crate::genserver::kept;
use crate::genserver::model::{Function, Hooks, Param, Server, Value};
use crate::genserver::parse::{Item, Method, ServerImpl};
use crate::genserver::role::{Hook, Own, Role};
use crate::naming::{self, Fresh};
use crate::{room, tokens, types};

/// `None` when the block is for no type that could be a server; the item is given back in any case.
pub(crate) fn lower(
    block: ServerImpl,
    options: Options,
    errors: &mut Errors,
) -> (TokenStream, Option<Server>) {
    let ServerImpl {
        attributes,
        begin,
        generics,
        rest,
        self_ty,
        inner,
        items,
    } = block;
    let of = Of {
        server: types::name(&self_ty),
        lifetimes: generics.lifetimes().collect(),
    };
    let mut sorted = sort_items(items, &of, &options, errors);
    let (written, generics, clause) =
        match loose::take(&generics, &self_ty, &options, &mut sorted, errors) {
            None => (room::in_block(&generics, &begin), generics, None),
            Some(Bound { block, server }) => {
                let clause = block.where_clause.to_token_stream();
                (room::in_block(&block, &begin), server, Some(clause))
            }
        };
    let rest = clause.map_or(rest, |clause| quote!(#self_ty #clause));
    let generics = room::without(&generics);
    let items = &sorted.items;
    let item = quote!(#(#attributes)* #begin #written #rest { #(#inner)* #items });
    let path = match server_type(&self_ty, errors) {
        Ok(path) => path,
        Err(NoServer { is_legal }) => {
            // rustc lets nobody write methods of such a type, and would say so, too.
            return (if is_legal { item } else { TokenStream::new() }, None);
        }
    };
    let server = server(
        &path,
        &self_ty,
        generics,
        [attributes, inner].concat().as_slice(),
        sorted,
        options,
        errors,
    );
    let begins = begin
        .into_iter()
        .last()
        .map_or_else(Span::call_site, |word| word.span());
    (item, server.map(|server| Server { begins, ..server }))
}

/// The items of an impl block.
struct Sorted {
    /// All of them, without our attributes.
    items: TokenStream,
    /// The names of all methods.
    methods: Vec<Ident>,
    /// The methods with a role.
    functions: Vec<Function>,
}

/// What of a block's head matters to its methods.
struct Of<'a> {
    /// The name of the server's type.
    server: Option<&'a Ident>,
    lifetimes: Vec<&'a LifetimeParam>,
}

fn sort_items(items: Vec<Item>, of: &Of<'_>, options: &Options, errors: &mut Errors) -> Sorted {
    let mut sorted = Sorted {
        items: TokenStream::new(),
        methods: Vec::new(),
        functions: Vec::new(),
    };
    for item in items {
        match item {
            Item::Method(method) => {
                let (kept, mut role) = sort_attributes(&method.attributes, options, errors);
                if let Some(given) = &mut role
                    && meant::call(given, &method.signature, errors)
                {
                    sorted.methods.push(method.signature.ident.clone());
                    let function = role.map(|given| function(*method, given, of.server));
                    sorted.functions.extend(function);
                    continue;
                }
                sorted.methods.push(method.signature.ident.clone());
                let tokens = match &role {
                    Some(given) => kept_method(&method, given.role, of, options),
                    None => method.tokens.clone(),
                };
                sorted.items.extend(quote!(#(#kept)* #tokens));
                let function = role.map(|given| function(*method, given, of.server));
                sorted.functions.extend(function);
            }
            Item::Lost => {}
            Item::Other(attributes, tokens) => {
                let (kept, role) = sort_attributes(&attributes, options, errors);
                let is_refused = attributes.by_keyword || is_refused_anyway(&tokens);
                if let Some(given) = role.filter(|_| !is_refused) {
                    let word = given.role.word();
                    errors.at(
                        code::NOT_A_METHOD,
                        &tokens,
                        format!("`#[{word}]` is for methods"),
                        "write a method with a body here",
                    );
                }
                sorted.items.extend(quote!(#(#kept)* #tokens));
            }
        }
    }
    sorted
}

/// A function without a body, or with arguments that are none: rustc says so.
fn is_refused_anyway(item: &TokenStream) -> bool {
    let is_fn = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "fn");
    let mut rest = item.clone().into_iter().skip_while(|token| !is_fn(token));
    if rest.next().is_none() {
        return false;
    }
    let arguments = rest.by_ref().find_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            Some(group.stream())
        }
        _ => None,
    });
    let read = Punctuated::<FnArg, Token![,]>::parse_terminated;
    arguments.is_some_and(|arguments| read.parse2(arguments).is_err())
        || matches!(rest.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ';')
}

/// The block is for a type that cannot be a server.
struct NoServer {
    /// Whether the block itself is right in Rust.
    is_legal: bool,
}

/// The path of the server's type.
fn server_type(self_ty: &Type, errors: &mut Errors) -> Result<TypePath, NoServer> {
    match types::ungroup(self_ty) {
        Type::Path(path) => Ok(path.clone()),
        other => {
            errors.at(
                code::NOT_A_TYPE,
                self_ty,
                "a GenServer is a struct or an enum",
                "write `impl MyServer`, with a type of your own",
            );
            let is_legal = matches!(other, Type::TraitObject(_));
            Err(NoServer { is_legal })
        }
    }
}

fn server(
    path: &TypePath,
    self_ty: &Type,
    mut generics: Generics,
    attributes: &[Attribute],
    sorted: Sorted,
    options: Options,
    errors: &mut Errors,
) -> Option<Server> {
    let ident = path.path.segments.last()?.ident.clone();
    let self_ty = self_ty.to_token_stream();
    if let Some(clause) = &generics.where_clause
        && let Ok(clause) = syn::parse2(tokens::without_self(clause, &self_ty))
    {
        generics.where_clause = Some(clause);
    }
    let part = options
        .part
        .as_ref()
        .map(|part| placing::marker(part, &ident, &sorted.functions));
    let mut placing = Placing::beside(&ident, part.as_ref(), &sorted.functions);
    let parts = placing.parts(&ident, &options);
    let mut names = placing.names(&ident, &options, &sorted.functions);
    if part.is_some() && options.client.is_none() {
        names.client_path = match &options.client_path {
            Some(path) => path.to_token_stream(),
            None => beside(&path.path, &names.client),
        };
    }
    let block = Carried::from_attributes(attributes);
    let functions = sorted.functions.iter();
    let allows = functions.flat_map(|function| &function.carried.allows);
    let allows = block.allows.iter().chain(allows).cloned().collect();
    let mut server = Server {
        krate: options.krate(),
        begins: Span::call_site(),
        self_ty,
        link: link(&path.path),
        names,
        generics,
        cfg: block.cfg(),
        allows,
        options,
        hooks: Hooks::default(),
        handlers: Vec::new(),
        methods: sorted.methods,
        part,
        parts,
        ident,
    };
    for function in sorted.functions {
        placing.place(&mut server, function, errors);
    }
    Some(server)
}

/// What is called so where the server is: `super::CacheClient` of `super::Cache`.
fn beside(server: &syn::Path, name: &Ident) -> TokenStream {
    let mut path = server.clone();
    if let Some(last) = path.segments.last_mut() {
        // One that is not there is an error of the block's type: it may be out of reach as well.
        let mut name = name.clone();
        name.set_span(name.span().located_at(last.ident.span()));
        *last = name.into();
    }
    path.into_token_stream()
}

/// A method with a role as it stays in the user's block: as it was written, but for some arguments. One that borrows, which is a mistake, has no
/// lifetime that nobody has declared. A context by value, or one that an `async fn`
/// shares, which is a mistake, is borrowed, so that the body has none of its own; one of what may be another server is the server's own; and a `&ReplyTo` is owned. And an argument of `#[init]` that only the name is made of counts as used.
fn kept_method(method: &Method, role: Role, of: &Of<'_>, options: &Options) -> TokenStream {
    let mut signature = method.signature.clone();
    let body = method.tokens.clone().into_iter().last();
    let mut changed = false;
    let declared: Vec<_> = of
        .lifetimes
        .iter()
        .copied()
        .chain(signature.generics.lifetimes())
        .map(|param| param.lifetime.ident.clone())
        .collect();
    for input in &mut signature.inputs {
        let FnArg::Typed(typed) = input else { continue };
        changed |= types::own_context(&mut typed.ty, of.server);
        // Of a message, which would be a mistake with any lifetime.
        if !matches!(role, Role::Hook(hook) if hook != Hook::Init)
            && let Some(ty) = types::without_unknown_lifetimes(&typed.ty, &declared)
        {
            *typed.ty = ty;
            changed = true;
        }
        if types::is_owned_context(&typed.ty, of.server) {
            let ty = &typed.ty;
            *typed.ty = syn::parse_quote!(&mut #ty);
            // A `mut` was for the context itself.
            if let Pat::Ident(name) = &mut *typed.pat {
                name.mutability = None;
            }
            changed = true;
        } else if signature.asyncness.is_some() && types::is_shared_context(&typed.ty) {
            let ty = types::meant(&typed.ty);
            *typed.ty = syn::parse_quote!(&mut #ty);
            changed = true;
        } else if let Some(handle) = types::borrowed_reply_to(&typed.ty) {
            *typed.ty = handle.clone();
            changed = true;
        } else if role == Role::Hook(Hook::Init)
            && let (Some(name), Pat::Ident(pattern)) = (&options.name, &*typed.pat)
            && tokens::uses_variable(name.to_token_stream(), &pattern.ident)
            && !tokens::uses_variable(body.to_token_stream(), &pattern.ident)
        {
            // As an argument of the macro's: rustc does not ask whether anything uses it. A body that does would not find it where
            // it is written by a `macro_rules!`, which keeps the names of ours and of its user apart.
            let mut used = pattern.clone();
            used.ident = naming::our(&used.ident);
            *typed.pat = Pat::Ident(used);
            changed = true;
        }
    }
    if let ReturnType::Type(_, ty) = &mut signature.output
        && role.has_reply()
        && let Some(known) = types::without_unknown_lifetimes(ty, &declared)
    {
        **ty = known;
        changed = true;
    }
    if !changed {
        return method.tokens.clone();
    }
    let vis = &method.vis;
    quote!(#vis #signature #body)
}

fn function(mut method: Method, given: Given, server: Option<&Ident>) -> Function {
    types::end_bounds(&mut method.signature);
    let Given {
        role,
        period,
        call,
        misnamed,
    } = given;
    let carried = Carried::from_attributes(&method.attributes.all);
    let end = method.tokens.clone().into_iter().last();
    let has_body = matches!(end, Some(TokenTree::Group(_)));
    let mut taken = Fresh::default();
    let mut params = Vec::new();
    for input in &method.signature.inputs {
        let FnArg::Typed(typed) = input else { continue };
        params.push(
            if types::is_context(&typed.ty) || types::is_owned_context(&typed.ty, server) {
                let other = types::other_context(&typed.ty, server);
                Param::Context(other.cloned().map(Box::new))
            } else if role.has_reply()
                && (types::reply_handle(&typed.ty).is_some()
                    || misnamed && types::is_reply_of_nothing(&typed.ty))
            {
                Param::ReplyTo
            } else {
                let name = argument_name(&typed.pat, role, &mut taken);
                let (ty, taken) = types::taken(&typed.ty);
                let ty = ty.clone();
                Param::Value(Box::new(Value { name, ty, taken }))
            },
        );
    }
    let answer = match &method.signature.output {
        // An `async fn` gives it, which is a mistake here.
        ReturnType::Type(_, ty) if call.task.is_some() && method.signature.asyncness.is_some() => {
            Some((**ty).clone())
        }
        ReturnType::Type(_, ty) if call.task.is_some() => types::future_output(ty),
        _ => None,
    };
    let kept = method
        .signature
        .asyncness
        .and_then(|_| kept::in_method(method.tokens));
    Function {
        role,
        kept,
        vis: tokens::our(&method.vis),
        carried,
        answer,
        signature: method.signature,
        params,
        // What is wrong with a period is said where it was read.
        broken: misnamed || !has_body || (role == Role::Own(Own::Every) && period.is_none()),
        misnamed,
        period,
        call,
    }
}

/// The name of an argument in the client method: that of the handler's, or `arg` where the handler has a pattern.
fn argument_name(pattern: &Pat, role: Role, taken: &mut Fresh) -> Ident {
    let Pat::Ident(named) = pattern else {
        return naming::ident(&taken.text("arg"), Span::call_site())
            .unwrap_or_else(|| format_ident!("arg"));
    };
    let text = named.ident.to_string();
    let bare = text.trim_start_matches('_');
    // `_event` is not used by the handler; its caller need not know.
    let wanted = match role {
        Role::Message(_) | Role::Own(_) if naming::ident(bare, Span::call_site()).is_some() => bare,
        Role::Message(_) | Role::Own(_) | Role::Hook(_) => &text,
    };
    let unique = taken.text(wanted);
    let mut name = if unique == text {
        named.ident.clone()
    } else {
        naming::ident(&unique, named.ident.span()).unwrap_or_else(|| named.ident.clone())
    };
    // The option `name` may mention an argument of `#[init]`. All others are the macro's own.
    if let Role::Message(_) | Role::Own(_) = role {
        name = naming::our(&name);
    }
    name
}
