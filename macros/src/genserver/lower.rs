//! From the parse tree to the model: finds out what each method is for. Never fails; what is wrong is reported.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{FnArg, Pat, Type, Visibility};

use crate::carry::Carried;
use crate::diag::Errors;
use crate::genserver::args::Options;
use crate::genserver::helpers::sort_attributes;
use crate::genserver::model::{Function, Handler, Names, Param, Role, Server, Value};
use crate::genserver::parse::{Item, Method, ServerImpl};
use crate::naming::{self, Fresh};
use crate::{tokens, types};

/// `None` when the block is for no type that could be a server; the item is given back in any case.
pub(crate) fn lower(
    block: ServerImpl,
    options: Options,
    errors: &mut Errors,
) -> (TokenStream, Option<Server>) {
    let mut methods = Vec::new();
    let mut functions = Vec::new();
    let mut items = TokenStream::new();
    for item in block.items {
        match item {
            Item::Method(method) => {
                let (kept, role) = sort_attributes(&method.attributes, &options, errors);
                methods.push(method.signature.ident.clone());
                let tokens = if role == Some(Role::Init) {
                    used_by_name(&method, &options)
                } else {
                    method.tokens.clone()
                };
                items.extend(quote!(#(#kept)* #tokens));
                functions.extend(role.map(|role| function(*method, role)));
            }
            Item::Other(attributes, tokens) => {
                let (kept, role) = sort_attributes(&attributes, &options, errors);
                if let Some(role) = role {
                    let word = role.word();
                    errors.at(
                        &tokens,
                        format!("`#[{word}]` is for methods"),
                        "write a method with a body here",
                    );
                }
                items.extend(quote!(#(#kept)* #tokens));
            }
        }
    }
    let (attributes, inner, header) = (&block.attributes, &block.inner, &block.header);
    let item = quote!(#(#attributes)* #header { #(#inner)* #items });

    let Type::Path(path) = types::ungroup(&block.self_ty) else {
        errors.at(
            &block.self_ty,
            "a GenServer is a struct or an enum",
            "write `impl MyServer`, with a type of your own",
        );
        // rustc lets nobody write methods of other types, and would say so, too.
        let legal = matches!(types::ungroup(&block.self_ty), Type::TraitObject(_));
        return (if legal { item } else { TokenStream::new() }, None);
    };
    let Some(ident) = path
        .path
        .segments
        .last()
        .map(|segment| segment.ident.clone())
    else {
        return (item, None);
    };
    let self_ty = block.self_ty.to_token_stream();
    let mut generics = block.generics;
    if let Some(clause) = &generics.where_clause
        && let Ok(clause) = syn::parse2(tokens::without_self(clause, &self_ty))
    {
        generics.where_clause = Some(clause);
    }
    let mut placing = Placing::default();
    for function in &functions {
        placing.fresh.avoid(function.signature.to_token_stream());
    }
    let names = names(&ident, &options, &functions, &mut placing.fresh);
    let mut server = Server {
        krate: options.krate(),
        self_ty,
        link: link(&path.path),
        names,
        generics,
        cfg: Carried::from_attributes(&block.attributes).cfg(),
        options,
        init: None,
        exit: None,
        terminate: None,
        handlers: Vec::new(),
        methods,
        ident,
    };
    for function in functions {
        placing.place(&mut server, function, errors);
    }
    (item, Some(server))
}

/// `#[init]` as it was written, but for an argument that the name is made of: it counts as used.
fn used_by_name(method: &Method, options: &Options) -> TokenStream {
    let mut signature = method.signature.clone();
    let mut changed = false;
    for input in &mut signature.inputs {
        if let (FnArg::Typed(typed), Some(name)) = (input, &options.name)
            && let Pat::Ident(pattern) = &*typed.pat
            && tokens::uses_variable(name.to_token_stream(), &pattern.ident)
        {
            typed
                .attrs
                .push(syn::parse_quote!(#[allow(unused_variables)]));
            changed = true;
        }
    }
    if !changed {
        return method.tokens.clone();
    }
    let (vis, body) = (&method.vis, method.tokens.clone().into_iter().last());
    quote!(#vis #signature #body)
}

fn function(method: Method, role: Role) -> Function {
    let carried = Carried::from_attributes(&method.attributes);
    let mut taken = Fresh::default();
    let mut params = Vec::new();
    for input in &method.signature.inputs {
        let FnArg::Typed(typed) = input else { continue };
        params.push(if types::is_context(&typed.ty) {
            Param::Context
        } else if role == Role::Call && types::reply_to(&typed.ty).is_some() {
            Param::ReplyTo
        } else {
            let name = argument_name(&typed.pat, role, &mut taken);
            Param::Value(Box::new(Value {
                name,
                ty: (*typed.ty).clone(),
            }))
        });
    }
    Function {
        role,
        vis: method.vis,
        carried,
        signature: method.signature,
        params,
        broken: false,
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
    let wanted = if role.is_message() && naming::ident(bare, Span::call_site()).is_some() {
        bare
    } else {
        &text
    };
    let unique = taken.text(wanted);
    if unique == text {
        return named.ident.clone();
    }
    naming::ident(&unique, named.ident.span()).unwrap_or_else(|| named.ident.clone())
}

fn names(ident: &Ident, options: &Options, functions: &[Function], fresh: &mut Fresh) -> Names {
    let base = base_name(ident);
    let widest = functions
        .iter()
        .map(|function| &function.vis)
        .max_by_key(|vis| width(vis));
    let (client_vis, client) = match &options.client {
        Some((Visibility::Inherited, name)) => (
            widest.cloned().unwrap_or(Visibility::Inherited),
            name.clone(),
        ),
        Some((vis, name)) => (vis.clone(), name.clone()),
        None => (
            widest.cloned().unwrap_or(Visibility::Inherited),
            Ident::new(&format!("{base}Client"), Span::call_site()),
        ),
    };
    Names {
        module: format_ident!("__{}", naming::snake(&client), span = Span::call_site()),
        client,
        client_vis,
        call: fresh.ident(&format!("{base}Call")),
        cast: fresh.ident(&format!("{base}Cast")),
        info: fresh.ident(&format!("{base}Info")),
        name_fn: Ident::new("__server_name", Span::call_site()),
    }
}

fn width(vis: &Visibility) -> usize {
    match vis {
        Visibility::Inherited => 0,
        Visibility::Restricted(vis) if vis.path.is_ident("self") => 0,
        Visibility::Restricted(vis) if vis.path.is_ident("crate") => 3,
        Visibility::Restricted(vis) => {
            if vis.in_token.is_some() {
                2
            } else {
                1
            }
        }
        Visibility::Public(_) => 4,
    }
}

/// `module::Cache` of `module::Cache<T>`.
fn link(path: &syn::Path) -> String {
    use syn::ext::IdentExt;
    let segments: Vec<_> = path
        .segments
        .iter()
        .map(|segment| segment.ident.unraw().to_string())
        .collect();
    let start = if path.leading_colon.is_some() {
        "::"
    } else {
        ""
    };
    format!("{start}{}", segments.join("::"))
}

/// Puts functions where they belong in the model.
#[derive(Default)]
struct Placing {
    fresh: Fresh,
    /// The variants taken, of calls, casts and infos.
    variants: [Fresh; 3],
    /// The handlers that are there under every `#[cfg]`.
    unconditional: BTreeSet<String>,
}

impl Placing {
    fn place(&mut self, server: &mut Server, function: Function, errors: &mut Errors) {
        let slot = match function.role {
            Role::Init => &mut server.init,
            Role::Exit => &mut server.exit,
            Role::Terminate => &mut server.terminate,
            Role::Call | Role::Cast | Role::Info => return self.message(server, function),
        };
        let Some(first) = slot else {
            *slot = Some(function);
            return;
        };
        let (word, first) = (function.role.word(), first.name().clone());
        errors.at(
            function.name(),
            format!("there is already an `#[{word}]`: `{first}`"),
            "a server has one; remove one of the two",
        );
    }

    fn message(&mut self, server: &mut Server, function: Function) {
        let always = function.carried.cfgs.is_empty();
        if always && !self.unconditional.insert(function.name().to_string()) {
            // rustc says so, of the user's own impl block.
            return;
        }
        let [calls, casts, infos] = &mut self.variants;
        let (taken, word) = match function.role {
            Role::Call => (calls, "Call"),
            Role::Cast => (casts, "Cast"),
            _ => (infos, "Info"),
        };
        let base = naming::pascal(function.name()).unwrap_or_else(|| "Handler".to_owned());
        let variant = taken.ident(&base);
        let request = self
            .fresh
            .ident(&format!("{}{variant}{word}", base_name(&server.ident)));
        server.handlers.push(Handler {
            function,
            variant,
            request,
        });
    }
}

/// What the names of generated types begin with.
fn base_name(ident: &Ident) -> String {
    naming::pascal(ident).unwrap_or_else(|| "Server".to_owned())
}
