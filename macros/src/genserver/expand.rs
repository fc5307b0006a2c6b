//! The output: from the model to tokens, in the order in which a reader meets them.

mod behaviour;
mod bounds;
mod client;
mod dispatch;
mod fields;
mod hooks;
mod message;
mod names;
mod options;
mod request;
mod scope;
mod start;

use proc_macro2::TokenStream;
use quote::quote;

use self::scope::Scope;
use crate::genserver::model::Server;
use crate::tokens::allow;

/// Everything but the user's impl block.
///
/// ```text
/// type CacheClient = ..;          // and the hidden module around it
/// const _: () = {
///     impl Cache { start_link, start, child_spec, named, whereis }
///     impl CacheClient { one method per handler }
///     requests, message enums, and the way from them to the handlers
///     impl GenServer for Cache
///     checks
/// };
/// ```
pub(crate) fn expand(server: &Server) -> TokenStream {
    let scope = Scope::new(server);
    let start = start::expand(&scope);
    let client_type = client::client_type(&scope);
    let client = client::methods(&scope);
    let requests = request::expand(&scope);
    let messages = message::expand(&scope);
    let dispatch = dispatch::expand(&scope);
    let behaviour = behaviour::expand(&scope);
    let checks = &scope.bounds.checks;
    let (cfg, allow) = (&server.cfg, allow(QUIET));
    quote! {
        #client_type

        #cfg
        #allow
        const _: () = {
            #start
            #client
            #requests
            #messages
            #dispatch
            #behaviour
            #checks
        };
    }
}

/// The lints that are quiet in generated code: those about style, those about what nobody uses yet, and those that the
/// user has heard once already, of the handler.
const QUIET: &[&str] = &[
    "clippy::all",
    "clippy::pedantic",
    "clippy::nursery",
    "clippy::restriction",
    "dead_code",
    "deprecated",
    "non_camel_case_types",
    "non_snake_case",
    "private_bounds",
    "private_interfaces",
    "unexpected_cfgs",
    "unreachable_code",
    "unreachable_patterns",
    "unreachable_pub",
    "unused_qualifications",
    "unused_variables",
    "rustdoc::broken_intra_doc_links",
    "rustdoc::private_intra_doc_links",
];
