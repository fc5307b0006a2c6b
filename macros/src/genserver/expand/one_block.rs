//! That a server has one block that is no part: a macro sees no other block, but rustc knows a module that is there already.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use crate::genserver::model::Server;

/// These items, or nothing but a warning behind another block, whose module stands in the place of this one's. So of all that both
/// make, that module is the one thing that is defined twice.
///
/// ```text
/// mod CacheClient_genserver { macro_rules! only { .. } }
/// CacheClient_genserver::only! { second_block [get save] .. }
/// ```
pub(crate) fn once(server: &Server, items: &TokenStream) -> TokenStream {
    let (krate, cfg, methods) = (&server.krate, &server.cfg, &server.methods);
    let client = &server.names.client;
    let module = format_ident!("{client}_genserver", span = Span::call_site());
    let docs = format!(
        " The block of `{}` that is no part: there is one.",
        server.ident
    );
    // It has this block's span.
    let word = Ident::new("second_block", Span::call_site());
    quote! {
        #[doc = #docs]
        #cfg
        #[doc(hidden)]
        mod #module {
            macro_rules! only {
                ($block:ident [#(#methods)*] $($items:tt)*) => { $($items)* };
                ($block:ident $($other:tt)*) => { #krate::__private::second_block! { $block } };
            }
            pub(super) use only;
        }

        #cfg
        #module::only! { #word [#(#methods)*] #items }
    }
}
