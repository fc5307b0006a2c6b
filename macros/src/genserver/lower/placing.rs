//! Functions put where they belong in the model, and names that nothing else has.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Visibility;
use syn::ext::IdentExt;

use crate::code;
use crate::diag::Errors;
use crate::genserver::args::Options;
use crate::genserver::model::{Function, Handler, Marker, Names, Part, Server};
use crate::genserver::parts::IsPart;
use crate::genserver::role::{Hook, Message, Role};
use crate::naming::{self, Fresh};

/// Puts functions where they belong in the model.
#[derive(Default)]
pub(super) struct Placing {
    fresh: Fresh,
    /// The variants taken, of each sort of message.
    variants: Variants,
    /// The handlers that are there under every `#[cfg]`.
    unconditional: BTreeSet<String>,
    /// What the names of generated types begin with: the server's own, letter by letter, so that no two servers beside each
    /// other have one in common; and for a part, its own.
    base: String,
}

#[derive(Default)]
struct Variants {
    calls: Fresh,
    casts: Fresh,
    infos: Fresh,
}

impl Variants {
    const fn of(&mut self, message: Message) -> &mut Fresh {
        match message {
            Message::Call => &mut self.calls,
            Message::Cast => &mut self.casts,
            Message::Info => &mut self.infos,
        }
    }
}

impl Placing {
    /// Nothing that is handed out shadows what these signatures mention.
    pub(super) fn beside(ident: &Ident, part: Option<&Marker>, functions: &[Function]) -> Self {
        let mut base = base_name(ident);
        if let Some(part) = part {
            let name = base_name(&part.name);
            base = if name.starts_with(&base) {
                name
            } else {
                base + &name
            };
        }
        let mut placing = Self {
            base,
            ..Self::default()
        };
        for function in functions {
            placing.fresh.avoid(function.signature.to_token_stream());
        }
        placing
    }

    /// What the generated items of this server are called.
    pub(super) fn names(
        &mut self,
        ident: &Ident,
        options: &Options,
        functions: &[Function],
    ) -> Names {
        let widest = widest(functions);
        let (client_vis, client) = match &options.client {
            Some((Visibility::Inherited, name)) => (
                widest.cloned().unwrap_or(Visibility::Inherited),
                name.clone(),
            ),
            Some((vis, name)) => (vis.clone(), name.clone()),
            None => (
                widest.cloned().unwrap_or(Visibility::Inherited),
                Ident::new(&format!("{}Client", base_name(ident)), Span::call_site()),
            ),
        };
        let base = &self.base;
        let mut message =
            |message: Message| self.fresh.ident(&format!("{base}{}", message.type_word()));
        Names {
            module: format_ident!("__{}", client.unraw(), span = Span::call_site()),
            client_of: format_ident!("{}Of", client.unraw(), span = Span::call_site()),
            client_path: client.to_token_stream(),
            client,
            client_vis,
            call: message(Message::Call),
            cast: message(Message::Cast),
            info: message(Message::Info),
            then: self.fresh.ident(&format!("{base}Then")),
            attach: self.fresh.ident(&format!("{base}Attach")),
            name_fn: Ident::new("__server_name", Span::call_site()),
        }
    }

    /// The parts that a server says it has: by default the one without a name.
    pub(super) fn parts(&mut self, ident: &Ident, options: &Options) -> Vec<Part> {
        let Some(parts) = &options.parts else {
            return Vec::new();
        };
        let mut named = Vec::new();
        for part in &parts.named {
            let cfgs = &part.cfgs;
            let name = part.path.segments.last().map(|segment| &segment.ident);
            named.extend(
                name.map(|name| (quote!(#(#cfgs)*), part.path.to_token_stream(), name.clone())),
            );
        }
        if named.is_empty() {
            let name = default_marker(ident, &parts.word);
            named.push((TokenStream::new(), name.to_token_stream(), name));
        }
        let place = |(cfg, marker, name): (_, _, Ident)| {
            let text = name.unraw().to_string();
            let calls = self.variants.calls.text(&text);
            // The same in all of them.
            self.variants.casts.text(&text);
            self.variants.infos.text(&text);
            Part {
                cfg,
                marker,
                variant: Ident::new(&calls, Span::call_site()),
            }
        };
        named.into_iter().map(place).collect()
    }

    pub(super) fn place(&mut self, server: &mut Server, function: Function, errors: &mut Errors) {
        match function.role {
            Role::Message(message) => self.message(server, message, function),
            Role::Own(_) => self.message(server, Message::Info, function),
            Role::Hook(hook) => self::hook(server, hook, function, errors),
        }
    }

    fn message(&mut self, server: &mut Server, message: Message, function: Function) {
        let always = function.carried.cfgs.is_empty();
        if always && !self.unconditional.insert(function.name().to_string()) {
            // rustc says so, of the user's own impl block.
            return;
        }
        let base = naming::pascal(function.name()).unwrap_or_else(|| "Handler".to_owned());
        let variant = self.variants.of(message).ident(&base);
        let request = format!("{}{variant}{}", self.base, message.type_word());
        server.handlers.push(Handler {
            message,
            function,
            variant,
            request: self.fresh.ident(&request),
        });
    }
}

fn hook(server: &mut Server, hook: Hook, function: Function, errors: &mut Errors) {
    let (word, name) = (function.role.word(), function.name().clone());
    let misnamed = function.misnamed;
    // One that was only meant so makes room.
    if hook == Hook::Init {
        server.hooks.init.take_if(|init| init.misnamed);
    }
    let Err(first) = server.hooks.add(hook, function) else {
        return;
    };
    if misnamed {
        return;
    }
    errors.at(
        code::SECOND_HOOK,
        &name,
        format!("this is a second `#[{word}]`: the first is `{first}`"),
        "a server has one; remove one of the two",
    );
}

/// What stands for this block, which is a part.
pub(super) fn marker(part: &IsPart, ident: &Ident, functions: &[Function]) -> Marker {
    let vis = match &part.vis {
        Visibility::Inherited => widest(functions).cloned(),
        vis => Some(vis.clone()),
    };
    Marker {
        vis: vis.unwrap_or(Visibility::Inherited),
        name: part
            .name
            .clone()
            .unwrap_or_else(|| default_marker(ident, ident)),
    }
}

/// What stands for the part that has no name.
fn default_marker(ident: &Ident, at: &Ident) -> Ident {
    Ident::new(
        &format!("{}Part", base_name(ident)),
        Span::call_site().located_at(at.span()),
    )
}

fn widest(functions: &[Function]) -> Option<&Visibility> {
    let visibilities = functions.iter().map(|function| &function.vis);
    visibilities.max_by_key(|vis| width(vis))
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
pub(super) fn link(path: &syn::Path) -> String {
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

fn base_name(ident: &Ident) -> String {
    ident.unraw().to_string()
}
