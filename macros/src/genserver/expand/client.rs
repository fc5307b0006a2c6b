//! The typed client: its type, and one method per handler.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Visibility;
use syn::ext::IdentExt;

use crate::genserver::expand::fields::Fields;
use crate::genserver::expand::scope::Scope;
use crate::genserver::expand::{attach, parts, then};
use crate::genserver::model::{Handler, Names};
use crate::genserver::role::{Message, Own, Role};
use crate::tokens;
use crate::types::{self, Obstacle, Parameters};

/// ```text
/// pub type CacheClient = __CacheClient::CacheClientOf<Cache>;
/// mod __CacheClient { client_type! { CacheClient as CacheClientOf } }    // pub struct CacheClientOf<S> { .. }
/// ```
///
/// `GenServer::Client` has to be as visible as the server, and what the client derefs to must not be more private than the
/// client; how visible the server is, the impl block does not tell. So the type itself is public, in a private module, and
/// the alias has the visibility of the handlers.
pub(crate) fn client_type(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        server,
        krate,
        self_ty,
        ..
    } = scope;
    let Names {
        client,
        client_of,
        client_vis: vis,
        module,
        ..
    } = &server.names;
    let docs = type_docs(scope);
    let module_docs = format!(
        " Public in a private module: how visible `{}` is, the macro cannot know.",
        server.ident
    );
    let params = &scope.alias_params;
    let then = then::then_type(scope);
    let attach = attach::attach_type(scope);
    let (cfg, allows) = (&server.cfg, &server.allows);
    quote! {
        #(#[doc = #docs])*
        #cfg
        #allows
        #vis type #client #params = #module::#client_of<#self_ty>;

        #[doc = #module_docs]
        #cfg
        #[doc(hidden)]
        mod #module {
            #krate::__private::client_type! { #client as #client_of }
            #then
            #attach
        }
    }
}

/// The docs of the alias. Of one that is public, rustdoc shows the methods on its page, and follows no link in their docs: the type behind it is in
/// a private module. So the links stand here.
fn type_docs(scope: &Scope<'_>) -> Vec<String> {
    let (server, krate) = (scope.server, scope.krate);
    let mut docs = vec![format!(
        " Client of a [`{}`] server: one method per handler.",
        server.link
    )];
    if !is_public(&server.names.client_vis) {
        return docs;
    }
    let shown = |handler: &&Handler| {
        let function = &handler.function;
        is_public(&function.vis) && function.carried.cfgs.is_empty()
    };
    let links: Vec<_> = server
        .sent()
        .filter(shown)
        .map(|handler| {
            let name = handler.function.name().unraw();
            format!("[`{name}`]({}::{name})", server.link)
        })
        .collect();
    let krate = krate.to_string().replace(' ', "");
    let krate = krate.trim_start_matches("::");
    docs.push(String::new());
    let links = links.join(", ");
    // What the handlers of parts are called, their blocks know alone.
    let handlers = match (&*links, server.parts.is_empty()) {
        ("", true) => String::new(),
        ("", false) => " The handlers are those of the server's parts.".to_owned(),
        (links, true) => format!(" The handlers are {links}."),
        (links, false) => format!(" The handlers are {links}, and those of the server's parts."),
    };
    docs.push(format!(
        "{handlers} It has the methods of a [`ServerRef`]({krate}::ServerRef), too."
    ));
    docs
}

fn is_public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

/// One method per handler: `fn save(&self, new: String) -> Cast<'_, Cache, String>`.
pub(crate) fn methods(scope: &Scope<'_>) -> TokenStream {
    let Scope {
        server,
        impl_generics,
        alias_generics,
        required,
        ..
    } = scope;
    let client = &server.names.client_path;
    let methods = server.sent().map(|handler| method(scope, handler));
    let types = server
        .sent()
        .flat_map(|handler| handler.function.traveling());
    // Those that are there in vain ask for nothing of the messages: a bound that is not met would be a second error.
    let required = if scope.sends_nothing {
        scope.of_parameters.clone()
    } else {
        Scope::with(required, &scope.bounds.held(types))
    };
    if server.sent().next().is_none() {
        return quote!();
    }
    quote! {
        impl #impl_generics #client #alias_generics #required {
            #(#methods)*
        }
    }
}

fn method(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let function = &handler.function;
    let (vis, name) = (&function.vis, function.name());
    let head = head(scope, handler);
    let values: Vec<_> = function.values().collect();
    let Parameters { generics, list } =
        scope.parameters(&values, function.signature.to_token_stream());
    let returns = returns(scope, handler);
    let body = if scope.is_in_vain(function) {
        scope.unreachable(&values)
    } else {
        body(scope, handler)
    };
    quote! {
        #head
        #vis fn #name #generics(&self, #list) -> #returns {
            #body
        }
    }
}

fn returns(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let Scope {
        krate,
        self_ty,
        ty_generics,
        ..
    } = scope;
    let Handler {
        function, request, ..
    } = handler;
    match handler.message {
        Message::Call if scope.is_in_vain(function) => {
            let reply = scope.outside(function.reply_tokens());
            let reply = match function.reply_type().and_then(types::obstacle) {
                None => reply,
                // Of the same methods as what is asked for, so that its user has no mistake.
                Some(Obstacle::Borrow(_)) => tokens::with_static(reply),
                // What an `async fn` would give, if it is a future.
                Some(Obstacle::ImplTrait(_)) => {
                    match function.reply_type().map(types::future_output) {
                        Some(Some(answer)) => scope.outside(&answer),
                        _ => quote!(()),
                    }
                }
                Some(Obstacle::Rejected) => quote!(()),
            };
            quote!(#krate::Call<'_, #reply, #self_ty, #krate::__private::Unanswered<#reply>>)
        }
        Message::Call => {
            let reply = scope.in_message(function.reply_tokens());
            quote!(#krate::Call<'_, #reply, #self_ty, #request #ty_generics>)
        }
        Message::Cast | Message::Info if scope.is_in_vain(function) => {
            quote!(#krate::Cast<'_, #self_ty, ()>)
        }
        Message::Cast | Message::Info => {
            let args = Fields::of_message(scope, handler).args_type();
            quote!(#krate::Cast<'_, #self_ty, #args>)
        }
    }
}

fn body(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let Handler {
        variant, request, ..
    } = handler;
    let (krate, messages) = (scope.krate, scope.server.names.of(handler.message));
    let sort = match handler.message {
        Message::Call => {
            let fields = Fields::of_request(scope, handler).value();
            return quote!(#krate::ServerRef::call(self, #request #fields));
        }
        Message::Cast => quote!(Cast),
        Message::Info => quote!(Info),
    };
    let fields = Fields::of_message(scope, handler);
    let (given, pattern, args) = (fields.given(), fields.pattern(), fields.args(&quote!()));
    let message = quote!(#krate::__private::Message::#sort);
    if let Some(in_server) = scope.in_server() {
        let (there, back) = parts::ways(handler.message);
        return quote! {
            #krate::__private::send(
                self,
                #given,
                &#krate::__private::Way {
                    make: |#args| #message(#in_server::#there(#messages::#variant #pattern)),
                    back: |message| match message {
                        #message(message) => match #in_server::#back(message) {
                            ::core::option::Option::Some(#messages::#variant #pattern) => {
                                ::core::option::Option::Some(#args)
                            }
                            _ => ::core::option::Option::None,
                        },
                        _ => ::core::option::Option::None,
                    },
                },
            )
        };
    }
    quote! {
        #krate::__private::send(
            self,
            #given,
            &#krate::__private::Way {
                make: |#args| #message(#messages::#variant #pattern),
                back: |message| match message {
                    #message(#messages::#variant #pattern) => ::core::option::Option::Some(#args),
                    _ => ::core::option::Option::None,
                },
            },
        )
    }
}

/// Docs and attributes of a client method.
pub(super) fn head(scope: &Scope<'_>, handler: &Handler) -> TokenStream {
    let carried = &handler.function.carried;
    let target = format!(
        "`{}::{}`",
        scope.server.link,
        handler.function.name().unraw()
    );
    let line = |target: &str| {
        if !carried.docs.is_empty() {
            return format!(" Handled by {target}.");
        }
        match handler.function.role {
            Role::Own(Own::Continue) => format!(" Continues with {target}."),
            Role::Message(Message::Call) => format!(" Calls {target}."),
            Role::Message(Message::Cast) => format!(" Casts to {target}."),
            Role::Message(Message::Info) | Role::Own(Own::Every) | Role::Hook(_) => {
                format!(" Sends the message that {target} handles.")
            }
        }
    };
    let linked = line(&format!("[{target}]"));
    // On the page of a public alias rustdoc makes no link of it: see `type_docs`. An editor does.
    let is_shown = is_public(&handler.function.vis) && is_public(&scope.server.names.client_vis);
    let line = if is_shown {
        let plain = line(&target);
        quote!(#[cfg_attr(doc, doc = #plain)] #[cfg_attr(not(doc), doc = #linked)])
    } else {
        quote!(#[doc = #linked])
    };
    let docs = &carried.docs;
    let blank = (!docs.is_empty()).then(|| quote!(#[doc = ""]));
    let (marks, cfg) = (carried.marks(), carried.cfg());
    quote!(#(#docs)* #blank #line #cfg #marks)
}
