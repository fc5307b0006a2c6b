//! How much is generated.

use proc_macro2::TokenStream;
use quote::quote;

use super::formatted;

/// How many lines there are more of with this handler than without it, after one of its kind, and besides its own.
fn lines_of(handler: &TokenStream, one: &TokenStream) -> usize {
    let count = |output| {
        let text = formatted(output);
        text.lines().filter(|line| !line.trim().is_empty()).count()
    };
    let with = |handlers: &TokenStream| {
        let item = quote!(impl Server { #[call] fn first(&self) {} #handlers });
        count(crate::genserver::expand(quote!(), item))
    };
    let own = count(quote!(impl Server { #handler })) - count(quote!(impl Server {}));
    with(&quote!(#one #handler)) - with(one) - own
}

#[test]
fn m40_what_is_generated_for_a_handler_is_short() {
    let kinds = [
        "#[call] fn NAME(&self, key: String) -> Option<String> {}",
        "#[call] async fn NAME(&mut self, a: String, b: u64, cx: &mut Context<Self>) -> Result<u64, Full> {}",
        "#[call(timeout = 30s)] fn NAME(&mut self, key: String, reply: ReplyTo<u8>) {}",
        "#[call(task)] fn NAME(&mut self, key: String) -> impl Future<Output = u8> + use<> {}",
        "#[call(blocking)] fn NAME(&mut self, key: String) -> u8 {}",
        "#[cast] fn NAME(&mut self, key: impl Into<String>, (a, b): (u8, u8)) {}",
        "#[cast] async fn NAME(&mut self, key: String) -> Result<(), Full> {}",
        "#[info] fn NAME(&mut self, key: String) {}",
        "#[every(1m)] fn NAME(&mut self) {}",
    ];
    for kind in kinds {
        let named = |name: &str| kind.replace("NAME", name).parse().unwrap();
        let lines = lines_of(&named("other"), &named("one"));
        assert!((5..=60).contains(&lines), "{lines} lines of {kind}");
    }
}
