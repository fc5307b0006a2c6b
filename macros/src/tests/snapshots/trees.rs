//! Supervisors.

use quote::quote;

use super::compare;

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
