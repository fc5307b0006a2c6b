//! Expansions as they should be read: `macros/tests/snapshots/*.rs`. `UPDATE_SNAPSHOTS=1` writes them anew.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;

use super::formatted;

fn compare(name: &str, output: TokenStream) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/snapshots")
        .join(name);
    let now = formatted(output);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, now).unwrap();
        return;
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        before == now,
        "{name} differs; run with UPDATE_SNAPSHOTS=1 and read the change\n{now}"
    );
}

fn genserver(name: &str, options: TokenStream, item: TokenStream) {
    let output = crate::genserver::expand(options.clone(), item.clone());
    assert_eq!(
        output.to_string(),
        crate::genserver::expand(options, item).to_string(),
        "the same twice"
    );
    compare(name, output);
}

#[test]
fn cache() {
    genserver(
        "cache.rs",
        quote!(name = "cache"),
        quote! {
            impl Cache {
                #[call]
                fn get(&self) -> Option<String> {
                    self.0.clone()
                }

                #[cast]
                fn save(&mut self, new: String) {
                    self.0 = Some(new);
                }
            }
        },
    );
}

#[test]
fn protocol() {
    compare(
        "protocol.rs",
        crate::protocol::expand(
            quote!(),
            quote! {
                /// Values by their keys.
                pub trait KeyValue {
                    /// The value of a key.
                    #[call]
                    fn get(&self, key: String) -> Option<u64>;

                    #[cast]
                    fn put(&mut self, key: String, value: u64);
                }
            },
        ),
    );
}

#[test]
fn speaker() {
    genserver(
        "speaker.rs",
        quote!(protocols(KeyValue)),
        quote! {
            impl Memory {
                #[call]
                fn get(&self, key: String) -> Option<u64> {
                    self.0.get(&key).copied()
                }

                #[cast]
                fn put(&mut self, key: String, value: u64) {
                    self.0.insert(key, value);
                }
            }
        },
    );
}

#[test]
fn cache_supervisor() {
    compare(
        "app.rs",
        crate::supervisor::expand(quote! {
            [::suptree] App { strategy: one_for_one, children: [Cache] }
        }),
    );
}

#[test]
fn football_match_tracker() {
    genserver(
        "football_match_tracker.rs",
        quote!(name = match_id, restart = transient),
        quote! {
            impl FootballMatchTracker {
                #[init]
                fn init(match_id: String) -> Self {
                    Self { match_id, score: Score::default() }
                }

                #[call]
                fn get_score(&self) -> Score {
                    self.score
                }

                #[cast]
                async fn new_event(&mut self, event: String) {
                    match event.as_str() {
                        "home_goal" => self.score.home += 1,
                        "away_goal" => self.score.away += 1,
                        "end" => { let _ = FootballMatchSupervisor::named().terminate_child(self_pid()).await; }
                        other => panic!("no case clause matching: {other:?}"),
                    }
                }
            }
        },
    );
}

#[test]
fn football_match_supervisor() {
    compare(
        "football_match_supervisor.rs",
        crate::supervisor::expand(quote! {
            [::suptree] FootballMatchSupervisor(name = "football_match_supervisor") { dynamic: FootballMatchTracker }
        }),
    );
}

#[test]
fn tree() {
    compare(
        "tree.rs",
        crate::supervisor::expand(quote! {
            [::suptree]
            /// The application's root.
            pub App(config: Config) {
                strategy: one_for_one,
                max_restarts: 3, max_seconds: 5,
                children: [
                    Cache,
                    Counter(config.start) as low,
                    /// Counts from a thousand.
                    Counter(1_000) as high { restart: transient, shutdown: 10s },
                    #[cfg(feature = "metrics")]
                    Metrics("0.0.0.0", 9000) { shutdown: brutal_kill },
                ],
            }
        }),
    );
}

#[test]
fn forms() {
    compare(
        "forms.rs",
        crate::supervisor::expand(quote! {
            [::suptree]
            App<M: Mailer>(config: Config, mailer: M) {
                strategy: rest_for_one,
                auto_shutdown: any_significant,
                children: [
                    Cache,
                    Api(cache, config.path, config.port + 1) as api,
                    Post<M>(mailer) as post { restart: transient, significant: true },
                    for n in 0..config.shards => Shard(n) as shards,
                    if config.metrics => Metrics(9_000),
                    spare(1) as spare,
                    dynamic rooms: Room { max_children: 10 },
                    partition pool: Worker(config.path, cache) { partitions: 4 },
                    supervisor Storage { strategy: one_for_all, children: [Disk(config.path, cache)] },
                ],
            }
        }),
    );
}

#[test]
fn pool() {
    compare(
        "pool.rs",
        crate::supervisor::expand(quote! {
            [::suptree]
            /// Works.
            pub Pool(config: Config, cache: CacheClient, name = "pool") {
                partition: |n| Worker(config.url, cache, n),
                partitions: config.workers,
                max_restarts: 10,
            }
        }),
    );
}

#[test]
fn every_role() {
    genserver(
        "every_role.rs",
        quote!(
            trap_exit,
            mailbox = 256,
            full = drop_oldest,
            shutdown = 1m,
            inline = never,
            last_message,
            deadlines,
            idle = 30s
        ),
        quote! {
            /// Keeps things.
            impl<T: Clone + Debug, const N: usize> Store<T, N> {
                #[init]
                async fn open(path: PathBuf, cx: &mut Context<Self>) -> Result<Self, OpenError> { .. }

                /// Looks a thing up.
                #[call]
                pub fn get(&self, key: u64) -> Option<T> { .. }

                /// Answers later.
                #[call(timeout = infinity)]
                #[cfg(feature = "slow")]
                #[deprecated = "use `get`"]
                pub async fn find(&mut self, (from, to): (u64, u64), reply: ReplyTo<Vec<T>>) -> Result<(), FindError> { .. }

                /// Waits for its reply.
                #[call(timeout = 30s)]
                async fn load(&mut self, key: u64, cx: &mut Context<Self>) -> Option<T> { .. }

                #[call(task)]
                fn fetch(&mut self, key: u64) -> impl Future<Output = Option<T>> + use<T, N> { .. }

                #[call(blocking)]
                fn pack(&mut self, level: u8) -> usize { .. }

                #[cast(blocking)]
                fn write_out(&mut self) -> Result<(), FlushError> { .. }

                #[cast]
                fn put(&mut self, r#type: Kind, value: T) -> io::Result<()> { .. }

                #[info]
                fn tick(&mut self, _: Tick, cx: &mut Context<Self>) { .. }

                #[every(60s)]
                fn sweep(&mut self, cx: &mut Context<Self>) { .. }

                #[every(T::PERIOD)]
                fn flush(&mut self) { .. }

                /// Goes on with what there is.
                #[handle_continue]
                async fn go_on(&mut self, from: String, cx: &mut Context<Self>) -> io::Result<()> { .. }

                #[exit]
                fn exited(&mut self, from: Pid, reason: ExitReason) { .. }

                #[timeout]
                fn idle(&mut self, cx: &mut Context<Self>) { .. }

                #[hibernate]
                fn shrink(&mut self) { .. }

                #[down]
                async fn gone(&mut self, down: Down, cx: &mut Context<Self>) -> io::Result<()> { .. }

                #[terminate]
                async fn close(&mut self, reason: &ExitReason) { .. }

                #[format_status]
                fn without_values(&self, status: &mut FormatStatus) { .. }

                fn plain(&self) {}
            }
        },
    );
}
