//! That a server has one block that is no part: a macro sees no other block, but rustc knows a module that is there already.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use crate::genserver::expand::client;
use crate::genserver::expand::scope::Scope;
use crate::genserver::model::Server;

/// These items, or behind another block, whose module stands in the place of this one's, no more than a warning, and methods of the
/// client for those who call them. So of all that both blocks make, that module is the one thing that is defined twice.
///
/// ```text
/// mod Cache_without_part_5f21 { macro_rules! only { .. } }
/// Cache_without_part_5f21::only! { second_block [get save] { .. } .. }
/// ```
pub(crate) fn once(scope: Scope<'_>, items: &TokenStream) -> TokenStream {
    let server = scope.server;
    let Some(place) = place(server) else {
        return items.clone();
    };
    let (krate, cfg, methods) = (&server.krate, &server.cfg, &server.methods);
    let module = format_ident!(
        "{}_without_part_{place}",
        server.ident,
        span = Span::call_site()
    );
    let scope = Scope {
        sends_nothing: true,
        ..scope
    };
    let in_vain = client::methods(&scope);
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
                ($block:ident [#(#methods)*] $methods:tt $($items:tt)*) => { $($items)* };
                ($block:ident $other:tt { $($methods:tt)* } $($items:tt)*) => {
                    #krate::__private::second_block! { $block }
                    $($methods)*
                };
            }
            pub(super) use only;
        }

        #cfg
        #module::only! { #word [#(#methods)*] { #in_vain } #items }
    }
}

/// The file and the column of the word `impl`, in four digits; `None` for what a `macro_rules!` writes. The blocks of one server stand in
/// one file and in one column. Another server of its name further in, under a `use super::*`, does not: if its module had the same
/// name, that one could be meant by the import, too, and rustc would call it ambiguous.
fn place(server: &Server) -> Option<String> {
    let (file, column) = if proc_macro::is_available() {
        let word = server.begins.unwrap();
        // What no macro has written, rustc shows as `#0 bytes(9..14)`. What it shows otherwise, or in times to come, is not guarded.
        let is_written_here = format!("{word:?}").starts_with("#0 ");
        is_written_here.then(|| (word.file(), word.column()))?
    } else {
        Default::default() // in the tests of this crate
    };
    // Its folder tells one `mod.rs` from another. The folders around it differ from one machine to the next, and rustc shows the name.
    let separator = ['/', '\\'];
    let folder = file.rmatch_indices(separator).nth(1);
    let file = folder.map_or(&*file, |(at, _)| &file[at..]);
    // FNV-1a: what std hashes with may change from one release to the next.
    let bytes = file
        .bytes()
        .filter(|byte| !separator.contains(&char::from(*byte)))
        .chain(column.to_string().into_bytes())
        .chain(server.names.client.to_string().into_bytes());
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    Some(format!("{:04x}", (hash >> 16) ^ (hash & 0xffff)))
}
