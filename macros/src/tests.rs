//! Tests of the expansions: snapshots that are read in review, half-typed input, and odd input.

mod half_typed;
mod odd;
mod snapshots;

use proc_macro2::TokenStream;

/// The output as formatted Rust; fails unless it is a valid file.
fn formatted(output: TokenStream) -> String {
    let text = output.to_string();
    match syn::parse2(output) {
        Ok(file) => prettyplease::unparse(&file),
        Err(error) => panic!("the output is no Rust: {error}\n{text}"),
    }
}

/// The messages of the `compile_error!`s in an output.
fn errors(output: TokenStream) -> Vec<String> {
    let Ok(file) = syn::parse2::<syn::File>(output) else {
        panic!("the output is no Rust")
    };
    let message = |item: syn::Item| match item {
        syn::Item::Macro(item)
            if item
                .mac
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "compile_error") =>
        {
            syn::parse2::<syn::LitStr>(item.mac.tokens)
                .ok()
                .map(|text| text.value())
        }
        _ => None,
    };
    file.items.into_iter().filter_map(message).collect()
}
