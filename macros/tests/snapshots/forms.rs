/// The supervisor `App`, with a method for each of its children.
///
/// ```text
/// App (rest_for_one, any_significant)
/// ├─ cache: Cache
/// ├─ api: Api
/// ├─ post: Post<M>, transient, significant
/// ├─ shards: Shard, for n in 0..config.shards
/// ├─ metrics: Metrics, if config.metrics
/// ├─ spare: spare(1)
/// ├─ rooms: AppRooms (dynamic Room, at most 10)
/// ├─ pool: AppPool (partition Worker, 4 partitions)
/// └─ storage: Storage (one_for_all)
///    └─ disk: Disk
/// ```
struct App<M: Mailer> {
    cache: <Cache as ::suptree::__private::ChildIn<App<M>, 0>>::Kept,
    api: <Api as ::suptree::__private::ChildIn<App<M>, 1>>::Kept,
    post: ::suptree::__private::KeptAny,
    shards: <Shard as ::suptree::__private::ChildIn<App<M>, 3>>::Kept,
    metrics: <Metrics as ::suptree::__private::ChildIn<App<M>, 4>>::Kept,
    rooms: ::suptree::__private::KeptHandle<AppRooms>,
    pool: ::suptree::__private::KeptHandle<AppPool>,
    storage: ::suptree::__private::KeptHandle<Storage>,
    supervisor: ::suptree::SupervisorRef,
    __marker: ::core::marker::PhantomData<fn() -> (M,)>,
}
const _: () = {
    type __Supervisor<M> = App<M>;
    impl<M: Mailer> App<M>
    where
        for<'__any> M: ::core::clone::Clone + ::core::marker::Send + 'static,
    {
        /// Starts the supervisor `App` and its children, linked to the calling process.
        fn start_link(config: Config, mailer: M) -> ::suptree::Start<Self> {
            ::suptree::start_link_supervisor::<Self>((config, mailer))
        }
        /// How another supervisor starts, restarts and stops `App`.
        fn child_spec(config: Config, mailer: M) -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("app", (config, mailer))
        }
        /// The tree as it is declared: `Display` draws it.
        #[must_use]
        fn tree() -> ::suptree::DeclaredTree {
            ::suptree::DeclaredTree::supervisor("App (rest_for_one, any_significant)")
                .child::<
                    <Cache as ::suptree::__private::ChildIn<App<M>, 0>>::Child,
                >("cache", "Cache", "")
                .child::<
                    <Api as ::suptree::__private::ChildIn<App<M>, 1>>::Child,
                >("api", "Api", "")
                .child::<__Child2<M>>("post", "Post<M>", ", transient, significant")
                .child::<
                    <Shard as ::suptree::__private::ChildIn<App<M>, 3>>::Child,
                >("shards", "Shard", ", for n in 0..config.shards")
                .child::<
                    <Metrics as ::suptree::__private::ChildIn<App<M>, 4>>::Child,
                >("metrics", "Metrics", ", if config.metrics")
                .leaf("spare", "spare(1)", "")
                .child::<AppRooms>("rooms", "AppRooms", "")
                .child::<AppPool>("pool", "AppPool", "")
                .child::<Storage>("storage", "Storage", "")
        }
        #[doc(hidden)]
        #[inline]
        fn __args(config: Config, mailer: M) -> <Self as ::suptree::Child>::Args {
            (config, mailer)
        }
        /// The child `cache`, also after it was restarted.
        #[must_use]
        fn cache(&self) -> <Cache as ::suptree::__private::ChildIn<App<M>, 0>>::Given {
            self.cache.handle()
        }
        /// The child `api`, also after it was restarted.
        #[must_use]
        fn api(&self) -> <Api as ::suptree::__private::ChildIn<App<M>, 1>>::Given {
            self.api.handle()
        }
        /// The child `post`, also after it was restarted.
        #[must_use]
        fn post(&self) -> <__Child2<M> as ::suptree::Child>::Handle {
            <::suptree::__private::KeptAny>::handle::<__Child2<M>>(&self.post)
        }
        /// The children `shards`, in their order, also after they were restarted.
        #[must_use]
        fn shards(&self) -> <Shard as ::suptree::__private::ChildIn<App<M>, 3>>::Given {
            self.shards.all()
        }
        /// The child `metrics`, if there is one: else the handle leads to nobody.
        #[must_use]
        fn metrics(
            &self,
        ) -> <Metrics as ::suptree::__private::ChildIn<App<M>, 4>>::Given {
            self.metrics.handle()
        }
        /// The child `rooms`, also after it was restarted.
        #[must_use]
        fn rooms(&self) -> AppRooms {
            self.rooms.handle()
        }
        /// The child `pool`, also after it was restarted.
        #[must_use]
        fn pool(&self) -> AppPool {
            self.pool.handle()
        }
        /// The child `storage`, also after it was restarted.
        #[must_use]
        fn storage(&self) -> Storage {
            self.storage.handle()
        }
    }
    impl<M: Mailer> ::suptree::Supervisor for __Supervisor<M>
    where
        for<'__any> M: ::core::clone::Clone + ::core::marker::Send + 'static,
    {
        fn supervisor(&self) -> &::suptree::SupervisorRef {
            &self.supervisor
        }
        fn init(&self, (config, mailer): Self::Args) -> ::suptree::SupervisorSpec {
            let shards_list = self
                .shards
                .fill(
                    "shards",
                    0..config.shards,
                    ::suptree::__private::KeptHandle::vacant,
                );
            let spec = ::suptree::SupervisorSpec::new(::suptree::Strategy::RestForOne)
                .auto_shutdown(::suptree::AutoShutdown::AnySignificant);
            let spec = spec
                .child(
                    <<Cache as ::suptree::__private::ChildIn<
                        App<M>,
                        0,
                    >>::Child as ::suptree::Child>::child_spec(
                        &self.cache,
                        "cache",
                        {
                            use ::suptree::__private::Args0 as _;
                            <<Cache as ::suptree::__private::ChildIn<
                                App<M>,
                                0,
                            >>::Child>::__args()
                        },
                    ),
                );
            let spec = spec
                .child(
                    <<Api as ::suptree::__private::ChildIn<
                        App<M>,
                        1,
                    >>::Child as ::suptree::Child>::child_spec(
                        &self.api,
                        "api",
                        {
                            use ::suptree::__private::Args3 as _;
                            <<Api as ::suptree::__private::ChildIn<
                                App<M>,
                                1,
                            >>::Child>::__args(
                                { self.cache.handle() },
                                { ::core::clone::Clone::clone(&config.path) },
                                config.port + 1,
                            )
                        },
                    ),
                );
            let spec = spec
                .child(
                    <__Child2<
                        M,
                    > as ::suptree::Child>::child_spec(
                            &<::suptree::__private::KeptAny>::handle::<
                                __Child2<M>,
                            >(&self.post),
                            "post",
                            {
                                use ::suptree::__private::Args1 as _;
                                <__Child2<M>>::__args(mailer)
                            },
                        )
                        .restart(::suptree::Restart::Transient)
                        .significant(true),
                );
            let spec = ::core::iter::Iterator::fold(
                ::core::iter::IntoIterator::into_iter(shards_list),
                spec,
                |spec, (id, handle, n)| {
                    spec
                        .child(
                            <<Shard as ::suptree::__private::ChildIn<
                                App<M>,
                                3,
                            >>::Child as ::suptree::Child>::child_spec(
                                &handle,
                                id,
                                {
                                    use ::suptree::__private::Args1 as _;
                                    <<Shard as ::suptree::__private::ChildIn<
                                        App<M>,
                                        3,
                                    >>::Child>::__args(n)
                                },
                            ),
                        )
                },
            );
            let spec = if config.metrics {
                spec.child(
                    <<Metrics as ::suptree::__private::ChildIn<
                        App<M>,
                        4,
                    >>::Child as ::suptree::Child>::child_spec(
                        &self.metrics,
                        "metrics",
                        {
                            use ::suptree::__private::Args1 as _;
                            <<Metrics as ::suptree::__private::ChildIn<
                                App<M>,
                                4,
                            >>::Child>::__args(9_000)
                        },
                    ),
                )
            } else {
                spec
            };
            let spec = spec.child(::suptree::__private::spec("spare", spare(1)));
            let spec = spec
                .child(
                    <AppRooms as ::suptree::Child>::child_spec(
                        &self.rooms,
                        "rooms",
                        {
                            use ::suptree::__private::Args0 as _;
                            <AppRooms>::__args()
                        },
                    ),
                );
            let spec = spec
                .child(
                    <AppPool as ::suptree::Child>::child_spec(
                        &self.pool,
                        "pool",
                        {
                            use ::suptree::__private::Args2 as _;
                            <AppPool>::__args(
                                { <Config as ::core::clone::Clone>::clone(&config) },
                                { self.cache.handle() },
                            )
                        },
                    ),
                );
            let spec = spec
                .child(
                    <Storage as ::suptree::Child>::child_spec(
                        &self.storage,
                        "storage",
                        {
                            use ::suptree::__private::Args2 as _;
                            <Storage>::__args(config, { self.cache.handle() })
                        },
                    ),
                );
            spec
        }
    }
    impl<M: Mailer> ::suptree::__private::ChildIn<App<M>, 0> for Cache {
        type Listed = ::suptree::__private::Checked<
            Cache,
            {
                ::suptree::__private::asked::<
                    <Cache as ::suptree::ListedChild>::Itself,
                >()
            },
        >;
        type Kept = ::suptree::__private::KeptHandle<
            <Self as ::suptree::__private::ChildIn<App<M>, 0>>::Listed,
        >;
        type Child = <Self as ::suptree::__private::ChildIn<App<M>, 0>>::Listed;
        type Given = <<Self as ::suptree::__private::ChildIn<
            App<M>,
            0,
        >>::Child as ::suptree::Child>::Handle;
    }
    impl<M: Mailer> ::suptree::__private::ChildIn<App<M>, 1> for Api {
        type Listed = ::suptree::__private::Checked<
            Api,
            { ::suptree::__private::asked::<<Api as ::suptree::ListedChild>::Itself>() },
        >;
        type Kept = ::suptree::__private::KeptHandle<
            <Self as ::suptree::__private::ChildIn<App<M>, 1>>::Listed,
        >;
        type Child = <Self as ::suptree::__private::ChildIn<App<M>, 1>>::Listed;
        type Given = <<Self as ::suptree::__private::ChildIn<
            App<M>,
            1,
        >>::Child as ::suptree::Child>::Handle;
    }
    type __Child2<M> = ::suptree::__private::After<
        Post<M>,
        <Post<M> as ::suptree::Child>::Handle,
    >;
    impl<M: Mailer> ::suptree::__private::ChildIn<App<M>, 3> for Shard {
        type Listed = ::suptree::__private::Checked<
            Shard,
            {
                ::suptree::__private::asked::<
                    <Shard as ::suptree::ListedChild>::Itself,
                >()
            },
        >;
        type Kept = ::suptree::__private::Handles<
            ::suptree::__private::KeptHandle<
                <Self as ::suptree::__private::ChildIn<App<M>, 3>>::Listed,
            >,
        >;
        type Child = <Self as ::suptree::__private::ChildIn<App<M>, 3>>::Listed;
        type Given = ::suptree::__private::Vec<
            <<Self as ::suptree::__private::ChildIn<
                App<M>,
                3,
            >>::Child as ::suptree::Child>::Handle,
        >;
    }
    impl<M: Mailer> ::suptree::__private::ChildIn<App<M>, 4> for Metrics {
        type Listed = ::suptree::__private::Checked<
            Metrics,
            {
                ::suptree::__private::asked::<
                    <Metrics as ::suptree::ListedChild>::Itself,
                >()
            },
        >;
        type Kept = ::suptree::__private::KeptHandle<
            <Self as ::suptree::__private::ChildIn<App<M>, 4>>::Listed,
        >;
        type Child = <Self as ::suptree::__private::ChildIn<App<M>, 4>>::Listed;
        type Given = <<Self as ::suptree::__private::ChildIn<
            App<M>,
            4,
        >>::Child as ::suptree::Child>::Handle;
    }
    impl<M: Mailer> ::suptree::__private::ArgIn<App<M>, 0> for Config {
        type Arg = ::suptree::__private::Checked<
            Config,
            {
                ::suptree::__private::asked::<
                    <Config as ::suptree::SupervisorArg>::Itself,
                >()
            },
        >;
    }
    impl<M: Mailer> ::suptree::Child for __Supervisor<M>
    where
        for<'__any> M: ::core::clone::Clone + ::core::marker::Send + 'static,
    {
        type Args = (<Config as ::suptree::__private::ArgIn<App<M>, 0>>::Arg, M);
        type Handle = Self;
        const RESTART: ::core::option::Option<::suptree::Restart> = ::core::option::Option::Some(
            ::suptree::Restart::Permanent,
        );
        const DEPTH: ::core::primitive::usize = ::suptree::__private::deepest([
            <<Cache as ::suptree::__private::ChildIn<
                App<M>,
                0,
            >>::Child as ::suptree::Child>::DEPTH,
            <<Api as ::suptree::__private::ChildIn<
                App<M>,
                1,
            >>::Child as ::suptree::Child>::DEPTH,
            <__Child2<M> as ::suptree::Child>::DEPTH,
            <<Shard as ::suptree::__private::ChildIn<
                App<M>,
                3,
            >>::Child as ::suptree::Child>::DEPTH,
            <<Metrics as ::suptree::__private::ChildIn<
                App<M>,
                4,
            >>::Child as ::suptree::Child>::DEPTH,
            <AppRooms as ::suptree::Child>::DEPTH,
            <AppPool as ::suptree::Child>::DEPTH,
            <Storage as ::suptree::Child>::DEPTH,
        ]);
        fn vacant() -> Self {
            Self {
                cache: ::suptree::__private::KeptHandle::vacant(),
                api: ::suptree::__private::KeptHandle::vacant(),
                post: <::suptree::__private::KeptAny>::vacant::<__Child2<M>>(),
                shards: ::suptree::__private::Handles::vacant(),
                metrics: ::suptree::__private::KeptHandle::vacant(),
                rooms: ::suptree::__private::KeptHandle::vacant(),
                pool: ::suptree::__private::KeptHandle::vacant(),
                storage: ::suptree::__private::KeptHandle::vacant(),
                supervisor: ::suptree::SupervisorRef::vacant(),
                __marker: ::core::marker::PhantomData,
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
    impl<M: Mailer> ::suptree::OnDemand for __Supervisor<M>
    where
        for<'__any> M: ::core::clone::Clone + ::core::marker::Send + 'static,
    {
        type Given = ::suptree::Cloned<::suptree::Each>;
    }
    impl<M: Mailer> ::core::clone::Clone for App<M>
    where
        for<'__any> M: ::core::clone::Clone + ::core::marker::Send + 'static,
    {
        fn clone(&self) -> Self {
            Self {
                cache: ::core::clone::Clone::clone(&self.cache),
                api: ::core::clone::Clone::clone(&self.api),
                post: ::core::clone::Clone::clone(&self.post),
                shards: ::core::clone::Clone::clone(&self.shards),
                metrics: ::core::clone::Clone::clone(&self.metrics),
                rooms: ::core::clone::Clone::clone(&self.rooms),
                pool: ::core::clone::Clone::clone(&self.pool),
                storage: ::core::clone::Clone::clone(&self.storage),
                supervisor: ::core::clone::Clone::clone(&self.supervisor),
                __marker: ::core::marker::PhantomData,
            }
        }
    }
    impl<M: Mailer> ::core::fmt::Debug for App<M>
    where
        for<'__any> M: ::core::clone::Clone + ::core::marker::Send + 'static,
    {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            let mut debug = f.debug_struct("App");
            debug.field("cache", &self.cache);
            debug.field("api", &self.api);
            debug.field("post", &self.post);
            debug.field("shards", &self.shards);
            debug.field("metrics", &self.metrics);
            debug.field("rooms", &self.rooms);
            debug.field("pool", &self.pool);
            debug.field("storage", &self.storage);
            debug.finish_non_exhaustive()
        }
    }
    #[automatically_derived]
    impl<M: Mailer> ::core::ops::Deref for App<M>
    where
        for<'__any> M: ::core::clone::Clone + ::core::marker::Send + 'static,
    {
        type Target = ::suptree::SupervisorRef;
        fn deref(&self) -> &Self::Target {
            &self.supervisor
        }
    }
};
/// The dynamic supervisor `AppRooms`: its children are started one by one.
///
/// ```text
/// AppRooms (dynamic Room, at most 10)
/// ```
struct AppRooms {
    supervisor: <Room as ::suptree::__private::ChildIn<AppRooms, 0>>::Kept,
}
const _: () = {
    type __Supervisor = AppRooms;
    impl AppRooms {
        /// Starts the supervisor `AppRooms`, linked to the calling process.
        fn start_link() -> ::suptree::Start<Self> {
            ::suptree::start_link_dynamic_supervisor::<Self>(())
        }
        /// How another supervisor starts, restarts and stops `AppRooms`.
        fn child_spec() -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("app_rooms", ())
        }
        /// The tree as it is declared: `Display` draws it.
        #[must_use]
        fn tree() -> ::suptree::DeclaredTree {
            ::suptree::DeclaredTree::supervisor("AppRooms (dynamic Room, at most 10)")
        }
        #[doc(hidden)]
        #[inline]
        fn __args() -> <Self as ::suptree::Child>::Args {}
    }
    impl ::suptree::DynamicSupervisor for __Supervisor {
        type Child = __Child0;
        fn supervisor(
            &self,
        ) -> &<Room as ::suptree::__private::ChildIn<AppRooms, 0>>::Given {
            &self.supervisor
        }
        fn init(&self, _args: Self::Args) -> ::suptree::DynamicSupervisorSpec {
            ::suptree::DynamicSupervisorSpec::new().max_children(10)
        }
    }
    type __Child0 = <Room as ::suptree::__private::ChildIn<AppRooms, 0>>::Child;
    impl ::suptree::__private::ChildIn<AppRooms, 0> for Room {
        type Listed = ::suptree::__private::Checked<
            Room,
            { ::suptree::__private::asked::<<Room as ::suptree::ListedChild>::Itself>() },
        >;
        type Kept = ::suptree::DynamicSupervisorRef<Room>;
        type Child = ::suptree::__private::Checked<
            Room,
            {
                ::suptree::__private::asked::<
                    <::suptree::__private::After<
                        Room,
                        <Self as ::suptree::__private::ChildIn<AppRooms, 0>>::Listed,
                    > as ::suptree::DynamicChild>::Itself,
                >()
            },
        >;
        type Given = ::suptree::__private::After<
            ::suptree::DynamicSupervisorRef<Room>,
            __Child0,
        >;
    }
    impl ::suptree::Child for __Supervisor {
        type Args = ();
        type Handle = Self;
        const RESTART: ::core::option::Option<::suptree::Restart> = ::core::option::Option::Some(
            ::suptree::Restart::Permanent,
        );
        fn vacant() -> Self {
            Self {
                supervisor: ::suptree::DynamicSupervisorRef::vacant(),
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
            ::suptree::DynamicSupervisor::as_child(handle, id, args)
        }
    }
    impl ::suptree::OnDemand for __Supervisor {
        type Given = ::suptree::Cloned;
    }
    impl ::core::clone::Clone for AppRooms {
        fn clone(&self) -> Self {
            Self {
                supervisor: ::core::clone::Clone::clone(&self.supervisor),
            }
        }
    }
    impl ::core::fmt::Debug for AppRooms {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            let mut debug = f.debug_struct("AppRooms");
            debug.field("supervisor", &self.supervisor);
            debug.finish()
        }
    }
    #[automatically_derived]
    impl ::core::ops::Deref for AppRooms {
        type Target = <Room as ::suptree::__private::ChildIn<AppRooms, 0>>::Given;
        fn deref(&self) -> &Self::Target {
            &self.supervisor
        }
    }
};
/// The partition supervisor `AppPool`: `route` finds the partition that a key has.
///
/// ```text
/// AppPool (partition Worker, 4 partitions)
/// ```
struct AppPool {
    supervisor: <Worker as ::suptree::__private::ChildIn<AppPool, 0>>::Kept,
    __marker: ::core::marker::PhantomData<fn() -> ()>,
}
const _: () = {
    type __Supervisor = AppPool;
    impl AppPool {
        /// Starts the supervisor `AppPool` and its partitions, linked to the calling process.
        fn start_link(
            config: Config,
            cache: <Cache as ::suptree::Child>::Handle,
        ) -> ::suptree::Start<Self> {
            ::suptree::start_link_partition_supervisor::<Self>((config, cache))
        }
        /// How another supervisor starts, restarts and stops `AppPool`.
        fn child_spec(
            config: Config,
            cache: <Cache as ::suptree::Child>::Handle,
        ) -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("app_pool", (config, cache))
        }
        /// The tree as it is declared: `Display` draws it.
        #[must_use]
        fn tree() -> ::suptree::DeclaredTree {
            ::suptree::DeclaredTree::supervisor(
                "AppPool (partition Worker, 4 partitions)",
            )
        }
        #[doc(hidden)]
        #[inline]
        fn __args(
            config: Config,
            cache: <Cache as ::suptree::Child>::Handle,
        ) -> <Self as ::suptree::Child>::Args {
            (config, cache)
        }
    }
    impl ::suptree::PartitionSupervisor for __Supervisor {
        type Child = __Child0;
        fn supervisor(
            &self,
        ) -> &<Worker as ::suptree::__private::ChildIn<AppPool, 0>>::Given {
            &self.supervisor
        }
        fn init(
            &self,
            (config, cache): Self::Args,
        ) -> ::suptree::PartitionSupervisorSpec<__Child0> {
            ::suptree::PartitionSupervisorSpec::new(move |_| {
                    use ::suptree::__private::Args2 as _;
                    <__Child0>::__args(
                        { ::core::clone::Clone::clone(&config.path) },
                        {
                            <<Cache as ::suptree::Child>::Handle as ::core::clone::Clone>::clone(
                                &cache,
                            )
                        },
                    )
                })
                .partitions(4)
        }
    }
    type __Child0 = <Worker as ::suptree::__private::ChildIn<AppPool, 0>>::Child;
    impl ::suptree::__private::ChildIn<AppPool, 0> for Worker {
        type Listed = ::suptree::__private::Checked<
            Worker,
            {
                ::suptree::__private::asked::<
                    <Worker as ::suptree::ListedChild>::Itself,
                >()
            },
        >;
        type Kept = ::suptree::PartitionSupervisorRef<
            <Self as ::suptree::__private::ChildIn<AppPool, 0>>::Listed,
        >;
        type Child = ::suptree::__private::Checked<
            Worker,
            {
                ::suptree::__private::asked::<
                    <::suptree::__private::After<
                        ::suptree::__private::After<
                            <<Self as ::suptree::__private::ChildIn<
                                AppPool,
                                0,
                            >>::Listed as ::suptree::Child>::Args,
                            <Config as ::suptree::__private::ArgIn<AppPool, 0>>::Arg,
                        >,
                        <<Cache as ::suptree::Child>::Handle as ::suptree::__private::ArgIn<
                            AppPool,
                            1,
                        >>::Arg,
                    > as ::suptree::RestartArgs<Worker>>::Itself,
                >()
            },
        >;
        type Given = ::suptree::__private::After<
            ::suptree::PartitionSupervisorRef<
                <Self as ::suptree::__private::ChildIn<AppPool, 0>>::Listed,
            >,
            <Self as ::suptree::__private::ChildIn<AppPool, 0>>::Child,
        >;
    }
    impl ::suptree::__private::ArgIn<AppPool, 0> for Config {
        type Arg = ::suptree::__private::Checked<
            Config,
            {
                ::suptree::__private::asked::<
                    <Config as ::suptree::SupervisorArg>::Itself,
                >()
            },
        >;
    }
    impl ::suptree::__private::ArgIn<AppPool, 1>
    for <Cache as ::suptree::Child>::Handle {
        type Arg = ::suptree::__private::Checked<
            <Cache as ::suptree::Child>::Handle,
            {
                ::suptree::__private::asked::<
                    <<Cache as ::suptree::Child>::Handle as ::suptree::SupervisorArg>::Itself,
                >()
            },
        >;
    }
    const _: () = {
        use ::suptree::__private::NoLiteralName as _;
        ::suptree::__private::require_no_name(<Worker>::__NAME);
    };
    impl ::suptree::Child for __Supervisor {
        type Args = (
            <Config as ::suptree::__private::ArgIn<AppPool, 0>>::Arg,
            <<Cache as ::suptree::Child>::Handle as ::suptree::__private::ArgIn<
                AppPool,
                1,
            >>::Arg,
        );
        type Handle = Self;
        const RESTART: ::core::option::Option<::suptree::Restart> = ::core::option::Option::Some(
            ::suptree::Restart::Permanent,
        );
        const DEPTH: ::core::primitive::usize = ::suptree::__private::deepest([
            <__Child0 as ::suptree::Child>::DEPTH,
        ]);
        fn vacant() -> Self {
            Self {
                supervisor: ::suptree::PartitionSupervisorRef::vacant(),
                __marker: ::core::marker::PhantomData,
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
            ::suptree::PartitionSupervisor::as_child(handle, id, args)
        }
    }
    impl ::suptree::OnDemand for __Supervisor {
        type Given = ::suptree::Cloned<::suptree::Each>;
    }
    impl ::core::clone::Clone for AppPool {
        fn clone(&self) -> Self {
            Self {
                supervisor: ::core::clone::Clone::clone(&self.supervisor),
                __marker: ::core::marker::PhantomData,
            }
        }
    }
    impl ::core::fmt::Debug for AppPool {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            let mut debug = f.debug_struct("AppPool");
            debug.field("supervisor", &self.supervisor);
            debug.finish()
        }
    }
    #[automatically_derived]
    impl ::core::ops::Deref for AppPool {
        type Target = <Worker as ::suptree::__private::ChildIn<AppPool, 0>>::Given;
        fn deref(&self) -> &Self::Target {
            &self.supervisor
        }
    }
};
/// The supervisor `Storage`, with a method for each of its children.
///
/// ```text
/// Storage (one_for_all)
/// └─ disk: Disk
/// ```
struct Storage {
    disk: <Disk as ::suptree::__private::ChildIn<Storage, 0>>::Kept,
    supervisor: ::suptree::SupervisorRef,
}
const _: () = {
    type __Supervisor = Storage;
    impl Storage {
        /// Starts the supervisor `Storage` and its children, linked to the calling process.
        fn start_link(
            config: Config,
            cache: <Cache as ::suptree::Child>::Handle,
        ) -> ::suptree::Start<Self> {
            ::suptree::start_link_supervisor::<Self>((config, cache))
        }
        /// How another supervisor starts, restarts and stops `Storage`.
        fn child_spec(
            config: Config,
            cache: <Cache as ::suptree::Child>::Handle,
        ) -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("storage", (config, cache))
        }
        /// The tree as it is declared: `Display` draws it.
        #[must_use]
        fn tree() -> ::suptree::DeclaredTree {
            ::suptree::DeclaredTree::supervisor("Storage (one_for_all)")
                .child::<__Child0>("disk", "Disk", "")
        }
        #[doc(hidden)]
        #[inline]
        fn __args(
            config: Config,
            cache: <Cache as ::suptree::Child>::Handle,
        ) -> <Self as ::suptree::Child>::Args {
            (config, cache)
        }
        /// The child `disk`, also after it was restarted.
        #[must_use]
        fn disk(&self) -> <Disk as ::suptree::__private::ChildIn<Storage, 0>>::Given {
            self.disk.handle()
        }
    }
    impl ::suptree::Supervisor for __Supervisor {
        fn supervisor(&self) -> &::suptree::SupervisorRef {
            &self.supervisor
        }
        fn init(&self, (config, cache): Self::Args) -> ::suptree::SupervisorSpec {
            ::suptree::SupervisorSpec::new(::suptree::Strategy::OneForAll)
                .child(
                    <__Child0 as ::suptree::Child>::child_spec(
                        &self.disk,
                        "disk",
                        {
                            use ::suptree::__private::Args2 as _;
                            <__Child0>::__args(config.path, cache)
                        },
                    ),
                )
        }
    }
    type __Child0 = <Disk as ::suptree::__private::ChildIn<Storage, 0>>::Child;
    impl ::suptree::__private::ChildIn<Storage, 0> for Disk {
        type Listed = ::suptree::__private::Checked<
            Disk,
            { ::suptree::__private::asked::<<Disk as ::suptree::ListedChild>::Itself>() },
        >;
        type Kept = ::suptree::__private::KeptHandle<
            <Self as ::suptree::__private::ChildIn<Storage, 0>>::Listed,
        >;
        type Child = ::suptree::__private::Checked<
            Disk,
            {
                ::suptree::__private::asked::<
                    <::suptree::__private::After<
                        ::suptree::__private::After<
                            <<Self as ::suptree::__private::ChildIn<
                                Storage,
                                0,
                            >>::Listed as ::suptree::Child>::Args,
                            <Config as ::suptree::__private::ArgIn<Storage, 0>>::Arg,
                        >,
                        <<Cache as ::suptree::Child>::Handle as ::suptree::__private::ArgIn<
                            Storage,
                            1,
                        >>::Arg,
                    > as ::suptree::RestartArgs<Disk>>::Itself,
                >()
            },
        >;
        type Given = <<Self as ::suptree::__private::ChildIn<
            Storage,
            0,
        >>::Child as ::suptree::Child>::Handle;
    }
    impl ::suptree::__private::ArgIn<Storage, 0> for Config {
        type Arg = ::suptree::__private::Checked<
            Config,
            {
                ::suptree::__private::asked::<
                    <Config as ::suptree::SupervisorArg>::Itself,
                >()
            },
        >;
    }
    impl ::suptree::__private::ArgIn<Storage, 1>
    for <Cache as ::suptree::Child>::Handle {
        type Arg = ::suptree::__private::Checked<
            <Cache as ::suptree::Child>::Handle,
            {
                ::suptree::__private::asked::<
                    <<Cache as ::suptree::Child>::Handle as ::suptree::SupervisorArg>::Itself,
                >()
            },
        >;
    }
    impl ::suptree::Child for __Supervisor {
        type Args = (
            <Config as ::suptree::__private::ArgIn<Storage, 0>>::Arg,
            <<Cache as ::suptree::Child>::Handle as ::suptree::__private::ArgIn<
                Storage,
                1,
            >>::Arg,
        );
        type Handle = Self;
        const RESTART: ::core::option::Option<::suptree::Restart> = ::core::option::Option::Some(
            ::suptree::Restart::Permanent,
        );
        const DEPTH: ::core::primitive::usize = ::suptree::__private::deepest([
            <__Child0 as ::suptree::Child>::DEPTH,
        ]);
        fn vacant() -> Self {
            Self {
                disk: ::suptree::__private::KeptHandle::vacant(),
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
        type Given = ::suptree::Cloned<::suptree::Each>;
    }
    impl ::core::clone::Clone for Storage {
        fn clone(&self) -> Self {
            Self {
                disk: ::core::clone::Clone::clone(&self.disk),
                supervisor: ::core::clone::Clone::clone(&self.supervisor),
            }
        }
    }
    impl ::core::fmt::Debug for Storage {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            let mut debug = f.debug_struct("Storage");
            debug.field("disk", &self.disk);
            debug.field("supervisor", &self.supervisor);
            debug.finish()
        }
    }
    #[automatically_derived]
    impl ::core::ops::Deref for Storage {
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
        <Api>::__NAME,
        <Disk>::__NAME,
    ];
    ::suptree::__private::require_own_name(NAMES, 1usize);
    ::suptree::__private::require_own_name(NAMES, 2usize);
};
