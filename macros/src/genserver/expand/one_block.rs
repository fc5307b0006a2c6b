//! That a server has one block that is no part: a macro sees no other block, but rustc knows a module that is there already.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};

use crate::genserver::expand::scope::Scope;
use crate::genserver::expand::{client, parts};
use crate::genserver::model::Server;

/// These items, or behind another block, whose module stands in the place of this one's, no more than a warning, and methods of the
/// client for those who call them. So of all that both blocks make, that module is the one thing that is defined twice. The line tells
/// the two apart.
///
/// ```text
/// mod Cache_without_part_5f21 { macro_rules! only { .. } }
/// Cache_without_part_5f21::only! { 6 second_block { .. } .. }
/// ```
pub(crate) fn once(scope: Scope<'_>, items: &TokenStream) -> TokenStream {
    let server = scope.server;
    let Some(Place { line, name }) = place(server) else {
        return items.clone();
    };
    let (krate, cfg) = (&server.krate, &server.cfg);
    let part = parts::in_vain(&scope);
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
        mod #name {
            macro_rules! only {
                (#line $block:ident $methods:tt $($items:tt)*) => { $($items)* };
                ($line:tt $block:ident { $($methods:tt)* } $($items:tt)*) => {
                    #krate::__private::second_block! { $block }
                    $($methods)*
                    #part
                };
            }
            pub(super) use only;
        }

        #cfg
        #name::only! { #line #word { #in_vain } #items }
    }
}

/// Where a block stands.
struct Place {
    line: Literal,
    /// What the modules are called that the blocks of a server make.
    name: Ident,
}

/// Where the attribute stands; `None` for what a `macro_rules!` writes. The file and the column are in the name, as four digits. The blocks
/// of one server stand in one file and in one column. Another server of its name further in, under a `use super::*`, does not: if its
/// module had the same name, that one could be meant by the import, too, and rustc would call it ambiguous.
fn place(server: &Server) -> Option<Place> {
    let (file, line, column) = if proc_macro::is_available() {
        let word = server.begins.unwrap();
        // What no macro has written, rustc shows as `#0 bytes(9..14)`. What it shows otherwise, or in times to come, is not guarded.
        let is_written_here = format!("{word:?}").starts_with("#0 ");
        // The attribute: behind it the block begins in the same line, or in another.
        let here = proc_macro::Span::call_site();
        is_written_here.then(|| (here.file(), here.line(), here.column()))?
    } else {
        (String::new(), 6, 1) // in the tests of this crate
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
    let digits = (hash >> 16) ^ (hash & 0xffff);
    Some(Place {
        line: Literal::usize_unsuffixed(line),
        name: format_ident!(
            "{}_without_part_{digits:04x}",
            server.ident,
            span = Span::call_site()
        ),
    })
}
