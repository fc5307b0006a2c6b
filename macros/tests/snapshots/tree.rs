/// The application's root.
///
/// ```text
/// App (one_for_one, 3 restarts in 5 s)
/// ├─ cache: Cache
/// ├─ low: Counter
/// ├─ high: Counter, transient, shutdown 10s
/// └─ metrics: Metrics, shutdown brutal_kill
/// ```
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct App
where
    for<'__any> Cache: ::suptree::Restartable,
    for<'__any> Counter: ::suptree::Restartable,
    for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
{
    cache: <Cache as ::suptree::Child>::Handle,
    low: <Counter as ::suptree::Child>::Handle,
    high: <Counter as ::suptree::Child>::Handle,
    #[cfg(feature = "metrics")]
    metrics: <Metrics as ::suptree::Child>::Handle,
    supervisor: ::suptree::SupervisorRef,
}
const _: () = {
    type __Supervisor = App;
    impl App
    where
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Counter: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
    {
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
            let tree = tree.child::<Cache>("cache", "Cache", "");
            let tree = tree.child::<Counter>("low", "Counter", "");
            let tree = tree
                .child::<Counter>("high", "Counter", ", transient, shutdown 10s");
            #[cfg(feature = "metrics")]
            let tree = tree
                .child::<Metrics>("metrics", "Metrics", ", shutdown brutal_kill");
            tree
        }
        #[doc(hidden)]
        #[inline]
        pub fn __args(config: Config) -> <Self as ::suptree::Child>::Args {
            config
        }
        /// The child `cache`, also after it was restarted.
        #[must_use]
        pub fn cache(&self) -> <Cache as ::suptree::Child>::Handle {
            ::core::clone::Clone::clone(&self.cache)
        }
        /// The child `low`, also after it was restarted.
        #[must_use]
        pub fn low(&self) -> <Counter as ::suptree::Child>::Handle {
            ::core::clone::Clone::clone(&self.low)
        }
        /// Counts from a thousand.
        #[must_use]
        pub fn high(&self) -> <Counter as ::suptree::Child>::Handle {
            ::core::clone::Clone::clone(&self.high)
        }
        /// The child `metrics`, also after it was restarted.
        #[cfg(feature = "metrics")]
        #[must_use]
        pub fn metrics(&self) -> <Metrics as ::suptree::Child>::Handle {
            ::core::clone::Clone::clone(&self.metrics)
        }
    }
    impl ::suptree::Supervisor for __Supervisor
    where
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Counter: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
    {
        fn supervisor(&self) -> &::suptree::SupervisorRef {
            &self.supervisor
        }
        fn init(&self, config: Self::Args) -> ::suptree::SupervisorSpec {
            let spec = ::suptree::SupervisorSpec::new(::suptree::Strategy::OneForOne)
                .max_restarts(3)
                .max_seconds(5);
            let spec = spec
                .child(
                    <Cache as ::suptree::Child>::child_spec(
                        &self.cache,
                        "cache",
                        {
                            use ::suptree::__private::Args0 as _;
                            <Cache>::__args()
                        },
                    ),
                );
            let spec = spec
                .child(
                    <Counter as ::suptree::Child>::child_spec(
                        &self.low,
                        "low",
                        {
                            use ::suptree::__private::Args1 as _;
                            <Counter>::__args(config.start)
                        },
                    ),
                );
            let spec = spec
                .child(
                    <Counter as ::suptree::Child>::child_spec(
                            &self.high,
                            "high",
                            {
                                use ::suptree::__private::Args1 as _;
                                <Counter>::__args(1_000)
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
                    <Metrics as ::suptree::Child>::child_spec(
                            &self.metrics,
                            "metrics",
                            {
                                use ::suptree::__private::Args2 as _;
                                <Metrics>::__args("0.0.0.0", 9000)
                            },
                        )
                        .shutdown(::suptree::Shutdown::BrutalKill),
                );
            spec
        }
    }
    const _: fn() = || {
        use ::suptree::__private::NoChild as _;
        ::suptree::__private::Listed::<Cache>::new().child().is_restartable();
        ::suptree::__private::Listed::<Counter>::new().child().is_restartable();
        ::suptree::__private::Listed::<Counter>::new().child().is_restartable();
        #[cfg(feature = "metrics")]
        ::suptree::__private::Listed::<Metrics>::new().child().is_restartable();
    };
    const _: fn() = ::suptree::__private::require_supervisor_arg::<Config>;
    impl ::suptree::Child for __Supervisor
    where
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Counter: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
    {
        type Args = Config;
        type Handle = Self;
        const RESTART: ::core::option::Option<::suptree::Restart> = ::core::option::Option::Some(
            ::suptree::Restart::Permanent,
        );
        fn vacant() -> Self {
            Self {
                cache: <Cache as ::suptree::Child>::vacant(),
                low: <Counter as ::suptree::Child>::vacant(),
                high: <Counter as ::suptree::Child>::vacant(),
                #[cfg(feature = "metrics")]
                metrics: <Metrics as ::suptree::Child>::vacant(),
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
    impl ::suptree::OnDemand for __Supervisor
    where
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Counter: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
    {
        type Given = ::suptree::Cloned;
    }
    #[automatically_derived]
    impl ::core::ops::Deref for App
    where
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Counter: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
    {
        type Target = ::suptree::SupervisorRef;
        fn deref(&self) -> &Self::Target {
            &self.supervisor
        }
    }
};
const _: () = {
    use ::suptree::__private::NoLiteralName as _;
    const NAMES: &[::core::option::Option<&str>] = &[
        <Cache>::__NAME,
        <Counter>::__NAME,
        <Counter>::__NAME,
    ];
    ::suptree::__private::require_own_name(NAMES, 1usize);
    ::suptree::__private::require_own_name(NAMES, 2usize);
};
