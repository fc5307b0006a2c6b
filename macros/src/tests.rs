//! Tests of the expansions: snapshots that are read in review, half-typed input, mutated input, and odd input.

mod cuts;
mod half_typed;
mod mutated;
mod odd;
mod pages;
mod reads_nothing;
mod size;
mod snapshots;

use proc_macro2::{TokenStream, TokenTree};

/// A small generator with a seed: the same numbers in every run.
struct Dice(u64);

impl Dice {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or(0) % limit
    }
}

/// The output once rustc has expanded the macro in it: with the items that a server has where there is no other block.
fn expanded(output: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = output.into_iter().collect();
    let begins = |tokens: &[TokenTree]| match tokens {
        [
            TokenTree::Ident(_),
            TokenTree::Punct(_),
            TokenTree::Punct(_),
            TokenTree::Ident(only),
            TokenTree::Punct(mark),
            TokenTree::Group(_),
        ] => only == "only" && mark.as_char() == '!',
        _ => false,
    };
    if let Some(at) = tokens.windows(6).position(begins)
        && let Some(TokenTree::Group(items)) = tokens.splice(at..at + 6, None).last()
    {
        // Behind the line, the name of the mistake, and what is for a second block alone.
        tokens.splice(at..at, items.stream().into_iter().skip(3));
    }
    tokens.into_iter().collect()
}

/// The output as formatted Rust; fails unless it is a valid file.
fn formatted(output: TokenStream) -> String {
    let output = expanded(output);
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
