//! Input as an IDE sees it while somebody types: it expands to what can be read of it, and never panics.

use proc_macro2::TokenStream;
use quote::quote;

use super::{errors, formatted};

const COMMA: &str =
    "expected `,`\nhelp: entries are separated by commas\npage: docs/errors/V004.md";

fn supervisor(input: TokenStream) -> String {
    formatted(crate::supervisor::expand(input))
}

#[test]
fn a_child_without_a_name_leaves_the_others() {
    let output = supervisor(quote! {
        [::suptree] App { strategy: one_for_one, children: [Cache, Counter(1) as , Worker] }
    });
    assert!(output.contains("fn cache(&self)"), "{output}");
    assert!(output.contains("fn worker(&self)"), "{output}");
    assert!(output.contains("expected the child's name"), "{output}");
}

#[test]
fn a_missing_value_leaves_the_other_entries() {
    let output =
        supervisor(quote!([::suptree] App { strategy: , max_restarts: 3, children: [Cache] }));
    assert!(output.contains("`strategy` needs a value"), "{output}");
    assert!(output.contains(".max_restarts(3)"), "{output}");
    assert!(output.contains("fn cache(&self)"), "{output}");
}

#[test]
fn a_missing_comma_is_one_error() {
    let output = crate::supervisor::expand(quote! {
        [::suptree] App { strategy: one_for_one children: [Cache] }
    });
    assert_eq!(errors(output), [COMMA]);
}

#[test]
fn semicolons_for_commas_are_one_error_in_each_list() {
    let output = crate::supervisor::expand(quote! {
        [::suptree] App { strategy: one_for_one; max_restarts: 3; children: [Cache; Counter(1) as low;]; }
    });
    assert!(output.to_string().contains("fn low"), "{output}");
    // Once in each list.
    assert_eq!(errors(output), [COMMA; 2]);
}

#[test]
fn half_an_expression_is_handed_on() {
    let output = crate::supervisor::expand(quote! {
        [::suptree] App(config: Config) { strategy: one_for_one, children: [Counter(config.)] }
    });
    // No Rust yet: rustc says so, and the IDE completes it.
    assert!(output.to_string().contains("(config .)"), "{output}");
    assert!(!output.to_string().contains("compile_error"), "{output}");
}

#[test]
fn nothing_at_all() {
    for input in [
        quote!(),
        quote!([]),
        quote!([::suptree]),
        quote!([::suptree] App),
        quote!([::suptree] pub),
    ] {
        assert_eq!(errors(crate::supervisor::expand(input)).len(), 1);
    }
}

#[test]
fn a_broken_handler_keeps_the_client() {
    let output = formatted(crate::genserver::expand(
        quote!(nmae = "x"),
        quote! {
            impl Cache {
                #[call]
                fn get(&self, key: &str) -> Option<String> { None }
                #[cast]
                fn save(&mut self, new: String) { self.0 = Some(new); }
            }
        },
    ));
    assert!(
        output.contains("unknown option `nmae`\\nhelp: did you mean `name`?"),
        "{output}"
    );
    assert!(
        output.contains("a handler cannot borrow its arguments"),
        "{output}"
    );
    assert!(
        output.contains("key: impl ::core::marker::Sized"),
        "{output}"
    );
    assert!(output.contains("CacheCast::Save"), "{output}");
}

#[test]
fn every_mistake_at_once() {
    let output = crate::genserver::expand(
        quote!(restart = sometimes, mailbox = 0, shutdown = 10),
        quote! {
            impl Cache {
                #[init]
                fn init(&self) -> Self {}
                #[cal]
                fn get(&self) {}
                #[call]
                fn generic<T>(self, value: T) {}
                #[terminate]
                fn terminate() -> u8 {}
                fn start_link() {}
            }
        },
    );
    let errors = errors(output);
    assert_eq!(errors.len(), 10, "{errors:#?}");
    assert!(
        errors
            .iter()
            .all(|error| error.contains("\nhelp: ") && error.contains("\npage: docs/errors/")),
        "{errors:#?}"
    );
}
