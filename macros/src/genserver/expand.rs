//! The output: from the model to tokens, in the order in which a reader meets them.

mod alias;
mod attach;
mod behaviour;
mod bounds;
mod client;
mod dispatch;
mod fields;
mod hooks;
mod message;
mod names;
mod one_block;
mod options;
mod protocols;
mod parts;
mod request;
mod scope;
mod start;
mod then;

use proc_macro2::TokenStream;
use quote::quote;

use self::scope::Scope;
use crate::genserver::model::Server;

/// Everything but the user's impl block.
///
/// ```text
/// type CacheClient = ..;          // and the hidden module around it
/// const _: () = {
///     impl Cache { start_link, start, child_spec, named, whereis }
///     impl CacheClient { one method per handler }
///     impl CacheThen<'_> { one method per `#[handle_continue]` }
///     impl CacheAttach<'_> { one method per `#[info]` }
///     requests, message enums, and the way from them to the handlers
///     impl GenServer for Cache
///     checks
/// };
/// ```
pub(crate) fn expand(server: &Server) -> TokenStream {
    let scope = Scope::new(server);
    if server.part.is_some() {
        return parts::expand(&scope);
    }
    let start = start::expand(&scope);
    let client_type = client::client_type(&scope);
    let client_methods = client::methods(&scope);
    let then = then::methods(&scope);
    let attach = attach::methods(&scope);
    let requests = request::expand(&scope);
    let messages = message::expand(&scope);
    let dispatch = dispatch::expand(&scope);
    let behaviour = behaviour::expand(&scope);
    let protocols = protocols::expand(&scope);
    let (checked_parts, parts) = (parts::checked(&scope), parts::named(&scope));
    let (not_send, checks) = (scope.not_send(), &scope.bounds.checks);
    let cfg = &server.cfg;
    let allows = &server.allows;
    let deprecated = deprecated(server);
    let items = quote! {
        #client_type

        #cfg
        #allows
        #deprecated
        const _: () = {
            #not_send
            #checked_parts
            #start
            #client_methods
            #then
            #attach
            #requests
            #messages
            #dispatch
            #behaviour
            #protocols
            #parts
            #checks
        };
    };
    one_block::once(scope, &items)
}

/// The user has heard of it where the handler is. There is no other `allow` but the user's, since a crate may forbid any lint.
fn deprecated(server: &Server) -> Option<TokenStream> {
    server
        .functions()
        .any(|function| function.carried.is_deprecated())
        .then(|| quote!(#[allow(deprecated)]))
}
