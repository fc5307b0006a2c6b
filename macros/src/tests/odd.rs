//! Odd input: soup, depth and width. Nothing here may panic, hang, or change from one run to the next.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::{Dice, errors, formatted};

impl Dice {
    fn soup(&mut self, tokens: usize, depth: usize) -> TokenStream {
        const WORDS: &[&str] = &[
            "impl",
            "fn",
            "pub",
            "async",
            "self",
            "Self",
            "mut",
            "for",
            "where",
            "const",
            "struct",
            "unsafe",
            "as",
            "call",
            "cast",
            "info",
            "init",
            "exit",
            "down",
            "timeout",
            "hibernate",
            "idle",
            "terminate",
            "name",
            "restart",
            "shutdown",
            "strategy",
            "children",
            "dynamic",
            "one_for_one",
            "transient",
            "crate",
            "Cache",
            "Context",
            "ReplyTo",
            "x",
            "_",
            "cfg",
            "cfg_attr",
            "doc",
            "true",
        ];
        const MARKS: &[char] = &[
            '#', '!', '&', ':', ',', ';', '<', '>', '=', '-', '.', '\'', '*', '?', '$', '@', '|',
        ];
        let soup = (0..tokens).map(|_| match self.below(10) {
            0..4 => TokenTree::Ident(Ident::new(
                WORDS[self.below(WORDS.len())],
                Span::call_site(),
            )),
            4..7 => {
                let spacing = if self.below(2) == 0 {
                    Spacing::Alone
                } else {
                    Spacing::Joint
                };
                match MARKS[self.below(MARKS.len())] {
                    // A lone quote is no token.
                    '\'' => TokenTree::Ident(Ident::new("y", Span::call_site())),
                    mark => TokenTree::Punct(Punct::new(mark, spacing)),
                }
            }
            7 => TokenTree::Literal(match self.below(4) {
                0 => Literal::u64_suffixed(u64::MAX),
                1 => Literal::f64_unsuffixed(1e300),
                2 => Literal::string("{id} {"),
                _ => Literal::byte_string(b"x"),
            }),
            _ => {
                let delimiter = [
                    Delimiter::Brace,
                    Delimiter::Bracket,
                    Delimiter::Parenthesis,
                    Delimiter::None,
                ][self.below(4)];
                let inner = if depth == 0 {
                    TokenStream::new()
                } else {
                    self.soup(tokens / 2, depth - 1)
                };
                TokenTree::Group(Group::new(delimiter, inner))
            }
        });
        soup.collect()
    }
}

fn same_twice(expand: impl Fn() -> TokenStream) {
    assert_eq!(expand().to_string(), expand().to_string());
}

#[test]
fn soup() {
    let mut cook = Dice(2024);
    for _ in 0..300 {
        let (options, item, body) = (cook.soup(6, 1), cook.soup(12, 3), cook.soup(12, 3));
        same_twice(|| crate::genserver::expand(options.clone(), item.clone()));
        same_twice(|| crate::genserver::expand(options.clone(), quote!(impl Cache { #body })));
        same_twice(|| {
            crate::genserver::expand(
                quote!(),
                quote!(impl Cache { #[call] fn get(&self, #options) -> u8 { #body } }),
            )
        });
        same_twice(|| crate::protocol::expand(options.clone(), item.clone()));
        same_twice(|| crate::protocol::expand(quote!(), quote!(trait KeyValue { #body })));
        same_twice(|| crate::supervisor::expand(item.clone()));
        same_twice(|| crate::supervisor::expand(quote!([::suptree] App { #body })));
        same_twice(|| {
            crate::supervisor::expand(
                quote!([::suptree] App { strategy: one_for_one, children: [#body] }),
            )
        });
        same_twice(|| crate::supervisor::expand(quote!([::suptree] Pool { partition: #body })));
    }
}

#[test]
fn a_deep_body_is_one_token() {
    let mut body = quote!(1);
    for _ in 0..1_000 {
        body = quote!((#body));
    }
    let output = crate::genserver::expand(
        quote!(),
        quote!(impl Deep { #[call] fn get(&self) -> u8 { #body } }),
    );
    assert!(output.to_string().contains("DeepGetCall"));
}

#[test]
fn a_thousand_handlers() {
    let handlers = (0..1_000).map(|nth| {
        let (call, cast) = (format_ident!("call_{nth}"), format_ident!("cast_{nth}"));
        quote! {
            #[call] fn #call(&self, key: Key) -> Option<String> { None }
            #[cast] async fn #cast(&mut self, key: Key, value: String) {}
        }
    });
    let output = crate::genserver::expand(quote!(), quote!(impl Wide { #(#handlers)* }));
    assert!(errors(output).is_empty());
}

#[test]
fn conditions_are_drawn_as_they_are_written() {
    let output = formatted(crate::supervisor::expand(quote! {
        [::suptree]
        App(n: u8, config: Config) {
            strategy: one_for_one,
            max_restarts: config.most * 2,
            children: [
                if n > 5 && !config.few => Many,
                if let Some(k) = config.key::<u8>(n + 1, (n)) => Key(k),
                for n in 0..config.most => Shard(n) as shards,
                task work: run(n - 1, &config),
            ],
        }
    }));
    for drawn in [
        "App (one_for_one, config.most * 2 restarts in 5 s)",
        "many: Many, if n > 5 && !config.few",
        "key: Key, if let Some(k) = config.key::<u8>(n + 1, (n))",
        "shards: Shard, for n in 0..config.most",
        "work: task run(n - 1, &config)",
    ] {
        assert!(output.contains(drawn), "{drawn}: {output}");
    }
}

#[test]
fn many_arguments() {
    let arguments = (0..64).map(|nth| {
        let name = format_ident!("a{nth}");
        quote!(#name: u8)
    });
    let output = crate::genserver::expand(
        quote!(),
        quote!(impl Wide { #[call] fn get(&self, #(#arguments),*) -> u8 { 0 } }),
    );
    assert!(formatted(output).contains("self.a63"));
}

#[test]
fn names_that_make_no_variant() {
    let output = crate::genserver::expand(
        quote!(),
        quote! {
            impl Odd {
                #[call] fn _1(&self) {}
                #[call] fn __(&self) {}
                #[call] fn self_(&self) {}
                #[call] fn r#type(&self, r#match: u8) {}
                #[call] fn get_x(&self) {}
                #[call] fn get__x(&self) {}
                #[cast] fn été(&mut self, (a, b): (u8, u8), _: u8, _unused: u8, _type: u8) {}
            }
        },
    );
    let output = formatted(output);
    for part in [
        "Handler(",
        "Handler2(",
        "Handler3(",
        "Type(",
        "GetX(",
        "GetX2(",
        "arg: (u8, u8)",
        "arg2: u8",
        "unused: u8",
        "r#type: u8",
    ] {
        assert!(output.contains(part), "{part}\n{output}");
    }
}

#[test]
fn only_impl_blocks() {
    for item in [
        quote!(
            struct S;
        ),
        quote!(
            fn f() {}
        ),
        quote!(
            trait T {}
        ),
        quote!(impl T for S {}),
        quote!(
            mod m {}
        ),
    ] {
        let output = crate::genserver::expand(quote!(), item.clone());
        assert!(
            output.to_string().starts_with(&item.to_string()),
            "the item is given back"
        );
        assert_eq!(errors(output).len(), 1);
    }
}

#[test]
fn a_plus_behind_a_type_of_a_supervisor_is_one_error() {
    let declared = [
        quote!(Rooms { dynamic: Counter + }),
        quote!(Rooms { dynamic: Counter + | Room }),
        quote!(Pool(port: u16 +) { partition: Worker(port) }),
        quote!(App(job: dyn Job + Send) { strategy: one_for_one, children: [Cache] }),
    ];
    for input in declared {
        let text = input.to_string();
        let output = crate::supervisor::expand(quote!([::suptree] #input));
        assert_eq!(errors(output).len(), 1, "{text}");
    }
}

/// syn takes `A +` for a type, which cannot stand wherever a type can.
#[test]
fn a_plus_behind_a_type_of_a_server_is_no_panic() {
    let types = [
        quote!(dyn A + Send),
        quote!(dyn A+),
        quote!(Future<Output = u8>+),
        quote!(impl A),
        quote!((dyn A+)),
        quote!(&(dyn A+)),
    ];
    for ty in types {
        let methods = [
            quote!(#[call(task)] fn get(&self) -> #ty { later() }),
            quote!(#[call] fn get(&self) -> #ty { now() }),
            quote!(#[call] fn get(&self, key: #ty) {}),
            quote!(#[call] fn get(&self, reply: ReplyTo<#ty>) {}),
            quote!(
                #[call(reply = #ty)]
                fn get(&self) {}
            ),
            quote!(#[cast] fn put(&mut self, value: #ty) {}),
            quote!(#[info] fn told(&mut self, of: #ty) {}),
            quote!(#[every("1s")] fn often(&mut self, of: #ty) {}),
            quote!(#[init] fn init(of: #ty) -> Self { Self }),
            quote!(#[down] fn down(&mut self, reference: #ty, reason: #ty) {}),
        ];
        for method in methods {
            let block = quote!(impl Cache { #method });
            errors(crate::genserver::expand(quote!(), block));
            let block = quote!(trait Store { #method });
            errors(crate::protocol::expand(quote!(), block));
        }
    }
}
