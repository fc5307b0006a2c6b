/// The application's root.
///
/// ```text
/// App (one_for_one, 3 restarts in 5 s)
/// ├─ cache: Cache
/// ├─ low: Counter
/// ├─ high: Counter, transient, shutdown 10s
/// └─ metrics: Metrics, shutdown brutal_kill
/// ```
pub struct App {
    cache: <Cache as ::suptree::__private::ChildIn<App, 0>>::Kept,
    low: <Counter as ::suptree::__private::ChildIn<App, 1>>::Kept,
    high: <Counter as ::suptree::__private::ChildIn<App, 2>>::Kept,
    #[cfg(feature = "metrics")]
    metrics: <Metrics as ::suptree::__private::ChildIn<App, 3>>::Kept,
    supervisor: ::suptree::SupervisorRef,
}
const _: () = {
    type __Supervisor = App;
    impl App {
        /// Starts the supervisor `App` and its children, linked to the calling process.
        pub fn start_link(config: Config) -> ::suptree::Start<Self> {
            ::suptree::start_link_supervisor::<Self>(config)
        }
        /// How another supervisor starts, restarts and stops `App`.
        pub fn child_spec(config: Config) -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("app", config)
        }
        /// The tree as it is declared: `Display` draws it.
        #[must_use]
        pub fn tree() -> ::suptree::DeclaredTree {
            let tree = ::suptree::DeclaredTree::supervisor(
                "App (one_for_one, 3 restarts in 5 s)",
            );
            let tree = tree.child::<__Child0>("cache", "Cache", "");
            let tree = tree.child::<__Child1>("low", "Counter", "");
            let tree = tree
                .child::<__Child2>("high", "Counter", ", transient, shutdown 10s");
            #[cfg(feature = "metrics")]
            let tree = tree
                .child::<__Child3>("metrics", "Metrics", ", shutdown brutal_kill");
            tree
        }
        #[doc(hidden)]
        #[inline]
        pub fn __args(config: Config) -> <Self as ::suptree::Child>::Args {
            config
        }
        /// The child `cache`, also after it was restarted.
        #[must_use]
        pub fn cache(&self) -> <Cache as ::suptree::__private::ChildIn<App, 0>>::Given {
            self.cache.handle()
        }
        /// The child `low`, also after it was restarted.
        #[must_use]
        pub fn low(&self) -> <Counter as ::suptree::__private::ChildIn<App, 1>>::Given {
            self.low.handle()
        }
        /// Counts from a thousand.
        #[must_use]
        pub fn high(&self) -> <Counter as ::suptree::__private::ChildIn<App, 2>>::Given {
            self.high.handle()
        }
        /// The child `metrics`, also after it was restarted.
        #[cfg(feature = "metrics")]
        #[must_use]
        pub fn metrics(
            &self,
        ) -> <Metrics as ::suptree::__private::ChildIn<App, 3>>::Given {
            self.metrics.handle()
        }
    }
    impl ::suptree::Supervisor for __Supervisor {
        fn supervisor(&self) -> &::suptree::SupervisorRef {
            &self.supervisor
        }
        fn init(&self, config: Self::Args) -> ::suptree::SupervisorSpec {
            let spec = ::suptree::SupervisorSpec::new(::suptree::Strategy::OneForOne)
                .max_restarts(3)
                .max_seconds(5);
            let spec = spec
                .child(
                    <__Child0 as ::suptree::Child>::child_spec(
                        &self.cache,
                        "cache",
                        {
                            use ::suptree::__private::Args0 as _;
                            <__Child0>::__args()
                        },
                    ),
                );
            let spec = spec
                .child(
                    <__Child1 as ::suptree::Child>::child_spec(
                        &self.low,
                        "low",
                        {
                            use ::suptree::__private::Args1 as _;
                            <__Child1>::__args(config.start)
                        },
                    ),
                );
            let spec = spec
                .child(
                    <__Child2 as ::suptree::Child>::child_spec(
                            &self.high,
                            "high",
                            {
                                use ::suptree::__private::Args1 as _;
                                <__Child2>::__args(1_000)
                            },
                        )
                        .restart(::suptree::Restart::Transient)
                        .shutdown(
                            ::suptree::Shutdown::Timeout(
                                ::core::time::Duration::from_secs(10),
                            ),
                        ),
                );
            #[cfg(feature = "metrics")]
            let spec = spec
                .child(
                    <__Child3 as ::suptree::Child>::child_spec(
                            &self.metrics,
                            "metrics",
                            {
                                use ::suptree::__private::Args2 as _;
                                <__Child3>::__args("0.0.0.0", 9000)
                            },
                        )
                        .shutdown(::suptree::Shutdown::BrutalKill),
                );
            spec
        }
    }
    type __Child0 = <Cache as ::suptree::__private::ChildIn<App, 0>>::Child;
    impl ::suptree::__private::ChildIn<App, 0> for Cache {
        type Listed = ::suptree::__private::Checked<
            Cache,
            {
                ::suptree::__private::asked::<
                    <Cache as ::suptree::ListedChild>::Itself,
                >()
            },
        >;
        type Kept = ::suptree::__private::KeptHandle<
            <Self as ::suptree::__private::ChildIn<App, 0>>::Listed,
        >;
        type Child = ::suptree::__private::Checked<
            Cache,
            {
                ::suptree::__private::asked::<
                    <<<Self as ::suptree::__private::ChildIn<
                        App,
                        0,
                    >>::Listed as ::suptree::Child>::Args as ::suptree::RestartArgs<
                        Cache,
                    >>::Itself,
                >()
            },
        >;
        type Given = <<Self as ::suptree::__private::ChildIn<
            App,
            0,
        >>::Child as ::suptree::Child>::Handle;
    }
    type __Child1 = <Counter as ::suptree::__private::ChildIn<App, 1>>::Child;
    impl ::suptree::__private::ChildIn<App, 1> for Counter {
        type Listed = ::suptree::__private::Checked<
            Counter,
            {
                ::suptree::__private::asked::<
                    <Counter as ::suptree::ListedChild>::Itself,
                >()
            },
        >;
        type Kept = ::suptree::__private::KeptHandle<
            <Self as ::suptree::__private::ChildIn<App, 1>>::Listed,
        >;
        type Child = ::suptree::__private::Checked<
            Counter,
            {
                ::suptree::__private::asked::<
                    <::suptree::__private::After<
                        <<Self as ::suptree::__private::ChildIn<
                            App,
                            1,
                        >>::Listed as ::suptree::Child>::Args,
                        <Config as ::suptree::__private::ArgIn<App, 0>>::Arg,
                    > as ::suptree::RestartArgs<Counter>>::Itself,
                >()
            },
        >;
        type Given = <<Self as ::suptree::__private::ChildIn<
            App,
            1,
        >>::Child as ::suptree::Child>::Handle;
    }
    type __Child2 = <Counter as ::suptree::__private::ChildIn<App, 2>>::Child;
    impl ::suptree::__private::ChildIn<App, 2> for Counter {
        type Listed = ::suptree::__private::Checked<
            Counter,
            {
                ::suptree::__private::asked::<
                    <Counter as ::suptree::ListedChild>::Itself,
                >()
            },
        >;
        type Kept = ::suptree::__private::KeptHandle<
            <Self as ::suptree::__private::ChildIn<App, 2>>::Listed,
        >;
        type Child = ::suptree::__private::Checked<
            Counter,
            {
                ::suptree::__private::asked::<
                    <<<Self as ::suptree::__private::ChildIn<
                        App,
                        2,
                    >>::Listed as ::suptree::Child>::Args as ::suptree::RestartArgs<
                        Counter,
                    >>::Itself,
                >()
            },
        >;
        type Given = <<Self as ::suptree::__private::ChildIn<
            App,
            2,
        >>::Child as ::suptree::Child>::Handle;
    }
    #[cfg(feature = "metrics")]
    type __Child3 = <Metrics as ::suptree::__private::ChildIn<App, 3>>::Child;
    #[cfg(feature = "metrics")]
    impl ::suptree::__private::ChildIn<App, 3> for Metrics {
        type Listed = ::suptree::__private::Checked<
            Metrics,
            {
                ::suptree::__private::asked::<
                    <Metrics as ::suptree::ListedChild>::Itself,
                >()
            },
        >;
        type Kept = ::suptree::__private::KeptHandle<
            <Self as ::suptree::__private::ChildIn<App, 3>>::Listed,
        >;
        type Child = ::suptree::__private::Checked<
            Metrics,
            {
                ::suptree::__private::asked::<
                    <<<Self as ::suptree::__private::ChildIn<
                        App,
                        3,
                    >>::Listed as ::suptree::Child>::Args as ::suptree::RestartArgs<
                        Metrics,
                    >>::Itself,
                >()
            },
        >;
        type Given = <<Self as ::suptree::__private::ChildIn<
            App,
            3,
        >>::Child as ::suptree::Child>::Handle;
    }
    impl ::suptree::__private::ArgIn<App, 0> for Config {
        type Arg = ::suptree::__private::Checked<
            Config,
            {
                ::suptree::__private::asked::<
                    <Config as ::suptree::SupervisorArg>::Itself,
                >()
            },
        >;
    }
    impl ::suptree::Child for __Supervisor {
        type Args = <Config as ::suptree::__private::ArgIn<App, 0>>::Arg;
        type Handle = Self;
        const RESTART: ::core::option::Option<::suptree::Restart> = ::core::option::Option::Some(
            ::suptree::Restart::Permanent,
        );
        const DEPTH: ::core::primitive::usize = ::suptree::__private::deepest([
            <__Child0 as ::suptree::Child>::DEPTH,
            <__Child1 as ::suptree::Child>::DEPTH,
            <__Child2 as ::suptree::Child>::DEPTH,
            #[cfg(feature = "metrics")]
            <__Child3 as ::suptree::Child>::DEPTH,
        ]);
        fn vacant() -> Self {
            Self {
                cache: ::suptree::__private::KeptHandle::vacant(),
                low: ::suptree::__private::KeptHandle::vacant(),
                high: ::suptree::__private::KeptHandle::vacant(),
                #[cfg(feature = "metrics")]
                metrics: ::suptree::__private::KeptHandle::vacant(),
                supervisor: ::suptree::SupervisorRef::vacant(),
            }
        }
        fn declared_tree() -> ::core::option::Option<::suptree::DeclaredTree> {
            ::core::option::Option::Some(Self::tree())
        }
        fn child_spec(
            handle: &Self,
            id: impl ::core::convert::Into<::suptree::ChildId>,
            args: Self::Args,
        ) -> ::suptree::ChildSpec {
            ::suptree::Supervisor::as_child(handle, id, args)
        }
    }
    impl ::suptree::OnDemand for __Supervisor {
        type Given = ::suptree::Cloned;
    }
    impl ::core::clone::Clone for App {
        fn clone(&self) -> Self {
            Self {
                cache: ::core::clone::Clone::clone(&self.cache),
                low: ::core::clone::Clone::clone(&self.low),
                high: ::core::clone::Clone::clone(&self.high),
                #[cfg(feature = "metrics")]
                metrics: ::core::clone::Clone::clone(&self.metrics),
                supervisor: ::core::clone::Clone::clone(&self.supervisor),
            }
        }
    }
    impl ::core::fmt::Debug for App {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            let mut debug = f.debug_struct("App");
            debug.field("cache", &self.cache);
            debug.field("low", &self.low);
            debug.field("high", &self.high);
            #[cfg(feature = "metrics")] debug.field("metrics", &self.metrics);
            debug.field("supervisor", &self.supervisor);
            debug.finish()
        }
    }
    #[automatically_derived]
    impl ::core::ops::Deref for App {
        type Target = ::suptree::SupervisorRef;
        fn deref(&self) -> &Self::Target {
            &self.supervisor
        }
    }
};
const _: () = {
    use ::suptree::__private::NoLiteralName as _;
    const NAMES: &[::core::option::Option<&::core::primitive::str>] = &[
        <Cache>::__NAME,
        <Counter>::__NAME,
        <Counter>::__NAME,
    ];
    ::suptree::__private::require_own_name(NAMES, 1usize);
    ::suptree::__private::require_own_name(NAMES, 2usize);
};
