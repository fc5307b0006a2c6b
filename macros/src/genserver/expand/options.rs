//! `const OPTIONS`: from the options of `#[genserver(..)]` to a chain of `ServerOptions`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::genserver::args::Mailbox;
use crate::genserver::expand::scope::Scope;

/// `const OPTIONS`, where an option was given.
pub(crate) fn expand(scope: &Scope<'_>) -> Option<TokenStream> {
    let Scope { server, krate, .. } = scope;
    let options = &server.options;
    let restart = options
        .restart
        .iter()
        .map(|restart| quote!(.restart(#krate::Restart::#restart)));
    let shutdown = options.shutdown.iter().map(|shutdown| {
        let shutdown = shutdown.tokens(krate);
        quote!(.shutdown(#shutdown))
    });
    let trap_exit = options.trap_exit.iter().map(|on| quote!(.trap_exit(#on)));
    let cfgs: Vec<_> = server
        .hooks
        .terminate
        .iter()
        .map(|function| function.carried.cfg())
        .collect();
    let terminate = (!cfgs.is_empty()).then(|| {
        if cfgs.iter().any(TokenStream::is_empty) {
            return quote!(.graceful(true));
        }
        quote!(.graceful({ let has_terminate = false; #(#cfgs let has_terminate = true;)* has_terminate }))
    });
    let mailbox = options.mailbox.iter().map(|mailbox| match mailbox {
        Mailbox::Unbounded => quote!(.mailbox(#krate::Mailbox::Unbounded)),
        Mailbox::Bounded(room) => quote!(.mailbox(#krate::Mailbox::Bounded(#room))),
    });
    let full = options
        .full
        .iter()
        .map(|(_, full)| quote!(.full(#krate::Full::#full)));
    let inline = options
        .inline
        .iter()
        .map(|inline| quote!(.inline(#krate::Inline::#inline)));
    let inline_casts = options
        .inline_casts
        .iter()
        .map(|on| quote!(.inline_casts(#on)));
    let last_message = options
        .last_message
        .iter()
        .map(|on| quote!(.last_message(#on)));
    let deadlines = options.deadlines.iter().map(|on| quote!(.deadlines(#on)));
    let idle = options.idle.iter().map(|time| quote!(.idle(#time)));
    let given: TokenStream = restart
        .chain(shutdown)
        .chain(trap_exit)
        .chain(idle)
        .chain(terminate)
        .chain(mailbox)
        .chain(full)
        .chain(inline)
        .chain(inline_casts)
        .chain(last_message)
        .chain(deadlines)
        .collect();
    (!given.is_empty()).then(
        || quote!(const OPTIONS: #krate::ServerOptions = #krate::ServerOptions::new() #given;),
    )
}
