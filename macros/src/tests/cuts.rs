//! Programs that are cut off: as while they are typed, after each token, with every bracket closed. At most one error of ours comes of it.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;

/// How many tokens there are, at any depth.
fn count(tokens: &TokenStream) -> usize {
    let inside = |token: TokenTree| match token {
        TokenTree::Group(group) => 1 + count(&group.stream()),
        _ => 1,
    };
    tokens.clone().into_iter().map(inside).sum()
}

/// The first tokens, at any depth.
fn cut(tokens: TokenStream, left: &mut usize) -> TokenStream {
    let mut kept = Vec::new();
    for token in tokens {
        if *left == 0 {
            break;
        }
        *left -= 1;
        kept.push(match token {
            TokenTree::Group(group) => {
                Group::new(group.delimiter(), cut(group.stream(), left)).into()
            }
            other => other,
        });
    }
    kept.into_iter().collect()
}

/// The cuts of which more than one error of ours comes.
fn cascades(whole: &TokenStream, expand: impl Fn(TokenStream) -> TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    for many in 0..=count(whole) {
        let part = cut(whole.clone(), &mut { many });
        let output = expand(part.clone()).to_string();
        let errors = output.matches("compile_error").count();
        if errors > 1 {
            found.push(format!(
                "{errors} errors after {many} tokens: {part}\n{output}"
            ));
        }
    }
    found
}

#[test]
fn m36_a_server_that_is_cut_off_has_one_error_at_most() {
    let server = quote! {
        #[doc = " Keeps values."]
        impl<T: Clone> Cache<T> where T: Send {
            #[init]
            async fn init(path: PathBuf, limit: usize, cx: &mut Context<Self>) -> Result<Self, io::Error> {
                Ok(Self::load(&path).await?)
            }
            #[call(timeout = 30s)]
            pub fn get(&self, key: String) -> Option<T> { self.values.get(&key).cloned() }
            #[call]
            async fn fetch(&mut self, (from, to): (u64, u64), reply: ReplyTo<Vec<T>>) { reply.send(self.range(from, to)); }
            #[cast]
            fn put(&mut self, key: String, value: T) { self.values.insert(key, value); }
            #[info]
            fn expire(&mut self, _: Expire) {}
            #[every(60s)]
            fn sweep(&mut self) { self.values.retain(|_, value| value.is_fresh()); }
            #[exit]
            fn exited(&mut self, from: Pid, reason: ExitReason) {}
            #[down]
            fn gone(&mut self, down: Down) {}
            #[timeout]
            fn idle(&mut self) {}
            #[handle_continue]
            fn go_on(&mut self, from: String) {}
            #[terminate]
            async fn close(&mut self, reason: &ExitReason) {}
            fn range(&self, from: u64, to: u64) -> Vec<T> { Vec::new() }
        }
    };
    // The parser has to take the item: the compiler gives no other to an attribute.
    let expand = |item: TokenStream| match syn::parse2::<syn::Item>(item.clone()) {
        Ok(_) => crate::genserver::expand(quote!(name = "cache", idle = 30s), item),
        Err(_) => TokenStream::new(),
    };
    let cascades = cascades(&server, expand);
    assert!(cascades.is_empty(), "{}", cascades.join("\n\n"));
}

#[test]
fn m36_options_that_are_cut_off_have_one_error_at_most() {
    let options = quote!(
        name = format!("cache/{id}"),
        mailbox = 16,
        full = reject,
        restart = transient,
        shutdown = 5s,
        inline = never,
        trap_exit,
        deadlines
    );
    let item = quote!(impl Cache { #[init] fn init(id: u64) -> Self { Self(id) } #[call] fn get(&self) -> u64 { 1 } });
    let cascades = cascades(&options, |options| {
        crate::genserver::expand(options, item.clone())
    });
    assert!(cascades.is_empty(), "{}", cascades.join("\n\n"));
}

#[test]
fn m77_a_protocol_that_is_cut_off_has_one_error_at_most() {
    let protocol = quote! {
        /// Values by their keys.
        pub(crate) trait Store<K: Clone, V> where V: Clone {
            /// A value.
            #[call]
            fn get(&self, key: K) -> Option<V>;
            #[cast]
            fn put(&mut self, key: K, value: V);
            #[call]
            fn size(&self) -> usize;
        }
    };
    let expand = |item: TokenStream| match syn::parse2::<syn::Item>(item.clone()) {
        Ok(_) => crate::protocol::expand(TokenStream::new(), item),
        Err(_) => TokenStream::new(),
    };
    let cascades = cascades(&protocol, expand);
    assert!(cascades.is_empty(), "{}", cascades.join("\n\n"));
}

#[test]
fn m36_a_supervisor_that_is_cut_off_has_one_error_at_most() {
    let declaration = quote! {
        /// The whole program.
        pub App<const N: usize>(config: Config, name = "app") {
            strategy: rest_for_one,
            max_restarts: 5,
            max_seconds: 10,
            children: [
                Cache(config.path.clone(), 10) as cache { restart: transient, shutdown: 5s },
                supervisor Storage as disks { strategy: one_for_all, children: [Disk(0) as first, Disk(1) as second] },
                dynamic rooms: Room { max_children: 100 },
                partition pool: |n| Worker(config.url.clone(), n) { partitions: 4 },
                task warm_up: warm_up(cache.clone()),
                for id in 0..3 => Worker(id) as workers,
                if config.metrics => Metrics(cache) as metrics,
                custom: child_spec(config.clone()),
            ],
        }
    };
    let cascades = cascades(&declaration, |part| {
        crate::supervisor::expand(quote!([::suptree] #part))
    });
    assert!(cascades.is_empty(), "{}", cascades.join("\n\n"));
}
