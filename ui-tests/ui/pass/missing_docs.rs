//! A documented server, under every lint that a careful crate turns on: none of them sees the generated code.

#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations
)]
#![deny(
    future_incompatible,
    let_underscore,
    nonstandard_style,
    rust_2018_idioms,
    unused
)]
#![deny(
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    keyword_idents,
    let_underscore_drop
)]
#![deny(
    macro_use_extern_crate,
    meta_variable_misuse,
    non_ascii_idents,
    redundant_imports,
    redundant_lifetimes
)]
#![deny(
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub
)]
#![deny(
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications
)]
#![deny(
    unused_results,
    variant_size_differences,
    single_use_lifetimes,
    ambiguous_negative_literals
)]
#![forbid(unsafe_code)]

pub mod cache {
    //! The servers.

    use suptree::prelude::*;

    /// Keeps a text.
    #[derive(Debug, Default)]
    pub struct Cache(String);

    #[genserver(name = "cache", restart = transient, shutdown = 1s, last_message)]
    impl Cache {
        /// What is kept.
        #[call]
        pub fn get(&self) -> String {
            self.0.clone()
        }

        /// What is kept, later.
        #[call]
        pub async fn later(&self, reply: ReplyTo<String>, cx: &mut Context<Self>) {
            cx.reply(reply, self.0.clone());
        }

        /// Keeps something else.
        #[cast]
        pub async fn save(&mut self, new: String) {
            self.0 = new;
        }

        // No docs: it is not public.
        #[cast]
        fn clear(&mut self) {
            self.0.clear();
        }

        /// A line that arrived.
        #[info]
        pub fn line(&mut self, line: String) -> Result<(), std::io::Error> {
            self.0.push_str(&line);
            Ok(())
        }

        #[terminate]
        fn close(&mut self, reason: &ExitReason) {
            self.0 = reason.to_string();
        }
    }

    /// Keeps what a caller likes.
    #[derive(Debug)]
    pub struct Shelf<T, const N: usize>([Option<T>; N]);

    #[genserver(name = format!("shelf_{id}"), trap_exit, mailbox = unbounded)]
    impl<T, const N: usize> Shelf<T, N>
    where
        T: Clone + Send + 'static,
    {
        #[init]
        fn init(id: u8, first: T) -> Result<Self, std::io::Error> {
            let _id = id;
            let mut shelf = Self([const { None }; N]);
            if let Some(place) = shelf.0.first_mut() {
                *place = Some(first);
            }
            Ok(shelf)
        }

        /// What stands there.
        #[call]
        pub fn at(&self, place: usize) -> Option<T> {
            self.0.get(place).cloned().flatten()
        }

        /// A process that ended.
        #[exit]
        async fn exit(&mut self, _from: Pid, _reason: ExitReason) {}
    }

    supervisor! {
        /// The application.
        pub App(first: u8, name = "app") {
            strategy: one_for_one,
            max_restarts: 3,
            max_seconds: 5,
            children: [
                Cache,
                /// A shelf of numbers.
                Shelf::<u8, 2>(1, first) as shelf { restart: temporary, shutdown: brutal_kill },
            ],
        }
    }

    supervisor! { pub Caches(name = "caches") { dynamic: Cache, max_children: 10 } }
    supervisor! { pub Pool(first: u8) { partition: Shelf::<u8, 2>(1, first), partitions: 2 } }
}

fn main() {}
