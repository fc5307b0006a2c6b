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
struct App<M: Mailer>
where
    for<'__any> Cache: ::suptree::Restartable,
    for<'__any> Api: ::suptree::Restartable,
    for<'__any> Shard: ::suptree::Restartable,
    for<'__any> Metrics: ::suptree::Restartable,
    for<'__any> Worker: ::suptree::Restartable,
    for<'__any> Disk: ::suptree::Restartable,
{
    cache: <Cache as ::suptree::Child>::Handle,
    api: <Api as ::suptree::Child>::Handle,
    post: <Post<M> as ::suptree::Child>::Handle,
    shards: ::suptree::__private::Handles<<Shard as ::suptree::Child>::Handle>,
    metrics: <Metrics as ::suptree::Child>::Handle,
    rooms: AppRooms,
    pool: AppPool,
    storage: Storage,
    __marker: ::core::marker::PhantomData<fn() -> (M,)>,
    supervisor: ::suptree::SupervisorRef,
}
const _: () = {
    type __Supervisor<M> = App<M>;
    impl<M: Mailer> App<M>
    where
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Api: ::suptree::Restartable,
        for<'__any> Shard: ::suptree::Restartable,
        for<'__any> Metrics: ::suptree::Restartable,
        for<'__any> Room: ::suptree::DynamicChild,
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
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
                .child::<Cache>("cache", "Cache", "")
                .child::<Api>("api", "Api", "")
                .child::<Post<M>>("post", "Post<M>", ", transient, significant")
                .child::<Shard>("shards", "Shard", ", for n in 0..config.shards")
                .child::<Metrics>("metrics", "Metrics", ", if config.metrics")
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
        fn cache(&self) -> <Cache as ::suptree::Child>::Handle {
            ::core::clone::Clone::clone(&self.cache)
        }
        /// The child `api`, also after it was restarted.
        #[must_use]
        fn api(&self) -> <Api as ::suptree::Child>::Handle {
            ::core::clone::Clone::clone(&self.api)
        }
        /// The child `post`, also after it was restarted.
        #[must_use]
        fn post(&self) -> <Post<M> as ::suptree::Child>::Handle {
            ::core::clone::Clone::clone(&self.post)
        }
        /// The children `shards`, in their order, also after they were restarted.
        #[must_use]
        fn shards(&self) -> ::std::vec::Vec<<Shard as ::suptree::Child>::Handle> {
            self.shards.all()
        }
        /// The child `metrics`, if there is one: else the handle leads to nobody.
        #[must_use]
        fn metrics(&self) -> <Metrics as ::suptree::Child>::Handle {
            ::core::clone::Clone::clone(&self.metrics)
        }
        /// The child `rooms`, also after it was restarted.
        #[must_use]
        fn rooms(&self) -> AppRooms {
            ::core::clone::Clone::clone(&self.rooms)
        }
        /// The child `pool`, also after it was restarted.
        #[must_use]
        fn pool(&self) -> AppPool {
            ::core::clone::Clone::clone(&self.pool)
        }
        /// The child `storage`, also after it was restarted.
        #[must_use]
        fn storage(&self) -> Storage {
            ::core::clone::Clone::clone(&self.storage)
        }
    }
    impl<M: Mailer> ::suptree::Supervisor for __Supervisor<M>
    where
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Api: ::suptree::Restartable,
        for<'__any> Shard: ::suptree::Restartable,
        for<'__any> Metrics: ::suptree::Restartable,
        for<'__any> Room: ::suptree::DynamicChild,
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> M: ::core::clone::Clone + ::core::marker::Send + 'static,
    {
        fn supervisor(&self) -> &::suptree::SupervisorRef {
            &self.supervisor
        }
        fn init(&self, (config, mailer): Self::Args) -> ::suptree::SupervisorSpec {
            let shards_list = self
                .shards
                .fill("shards", 0..config.shards, <Shard as ::suptree::Child>::vacant);
            let spec = ::suptree::SupervisorSpec::new(::suptree::Strategy::RestForOne)
                .auto_shutdown(::suptree::AutoShutdown::AnySignificant);
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
                    <Api as ::suptree::Child>::child_spec(
                        &self.api,
                        "api",
                        {
                            use ::suptree::__private::Args3 as _;
                            <Api>::__args(
                                { ::core::clone::Clone::clone(&self.cache) },
                                { ::core::clone::Clone::clone(&config.path) },
                                config.port + 1,
                            )
                        },
                    ),
                );
            let spec = spec
                .child(
                    <Post<
                        M,
                    > as ::suptree::Child>::child_spec(
                            &self.post,
                            "post",
                            {
                                use ::suptree::__private::Args1 as _;
                                <Post<M>>::__args(mailer)
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
                            <Shard as ::suptree::Child>::child_spec(
                                &handle,
                                id,
                                {
                                    use ::suptree::__private::Args1 as _;
                                    <Shard>::__args(n)
                                },
                            ),
                        )
                },
            );
            let spec = if config.metrics {
                spec.child(
                    <Metrics as ::suptree::Child>::child_spec(
                        &self.metrics,
                        "metrics",
                        {
                            use ::suptree::__private::Args1 as _;
                            <Metrics>::__args(9_000)
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
                                { ::core::clone::Clone::clone(&config) },
                                { ::core::clone::Clone::clone(&self.cache) },
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
                            <Storage>::__args(
                                config,
                                { ::core::clone::Clone::clone(&self.cache) },
                            )
                        },
                    ),
                );
            spec
        }
    }
    const _: fn() = || {
        use ::suptree::__private::NoChild as _;
        ::suptree::__private::Listed::<Cache>::new().child().is_restartable();
        ::suptree::__private::Listed::<Api>::new().child().is_restartable();
        ::suptree::__private::Listed::<Shard>::new().child().is_restartable();
        ::suptree::__private::Listed::<Metrics>::new().child().is_restartable();
    };
    const _: fn() = ::suptree::__private::require_supervisor_arg::<Config>;
    impl<M: Mailer> ::suptree::Child for __Supervisor<M>
    where
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Api: ::suptree::Restartable,
        for<'__any> Shard: ::suptree::Restartable,
        for<'__any> Metrics: ::suptree::Restartable,
        for<'__any> Room: ::suptree::DynamicChild,
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> M: ::core::clone::Clone + ::core::marker::Send + 'static,
    {
        type Args = (Config, M);
        type Handle = Self;
        const RESTART: ::core::option::Option<::suptree::Restart> = ::core::option::Option::Some(
            ::suptree::Restart::Permanent,
        );
        fn vacant() -> Self {
            Self {
                cache: <Cache as ::suptree::Child>::vacant(),
                api: <Api as ::suptree::Child>::vacant(),
                post: <Post<M> as ::suptree::Child>::vacant(),
                shards: ::suptree::__private::Handles::vacant(),
                metrics: <Metrics as ::suptree::Child>::vacant(),
                rooms: <AppRooms as ::suptree::Child>::vacant(),
                pool: <AppPool as ::suptree::Child>::vacant(),
                storage: <Storage as ::suptree::Child>::vacant(),
                __marker: ::core::marker::PhantomData,
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
    impl<M: Mailer> ::suptree::OnDemand for __Supervisor<M>
    where
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Api: ::suptree::Restartable,
        for<'__any> Shard: ::suptree::Restartable,
        for<'__any> Metrics: ::suptree::Restartable,
        for<'__any> Room: ::suptree::DynamicChild,
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> M: ::core::clone::Clone + ::core::marker::Send + 'static,
    {
        type Given = ::suptree::Cloned<::suptree::Each>;
    }
    impl<M: Mailer> ::core::clone::Clone for App<M>
    where
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Api: ::suptree::Restartable,
        for<'__any> Shard: ::suptree::Restartable,
        for<'__any> Metrics: ::suptree::Restartable,
        for<'__any> Room: ::suptree::DynamicChild,
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
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
                __marker: ::core::marker::PhantomData,
                supervisor: ::core::clone::Clone::clone(&self.supervisor),
            }
        }
    }
    impl<M: Mailer> ::core::fmt::Debug for App<M>
    where
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Api: ::suptree::Restartable,
        for<'__any> Shard: ::suptree::Restartable,
        for<'__any> Metrics: ::suptree::Restartable,
        for<'__any> Room: ::suptree::DynamicChild,
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
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
        for<'__any> Cache: ::suptree::Restartable,
        for<'__any> Api: ::suptree::Restartable,
        for<'__any> Shard: ::suptree::Restartable,
        for<'__any> Metrics: ::suptree::Restartable,
        for<'__any> Room: ::suptree::DynamicChild,
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
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
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
struct AppRooms {
    supervisor: ::suptree::DynamicSupervisorRef<Room>,
}
const _: () = {
    type __Supervisor = AppRooms;
    impl AppRooms
    where
        for<'__any> Room: ::suptree::DynamicChild,
    {
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
    impl ::suptree::DynamicSupervisor for __Supervisor
    where
        for<'__any> Room: ::suptree::DynamicChild,
    {
        type Child = Room;
        fn supervisor(&self) -> &::suptree::DynamicSupervisorRef<Room> {
            &self.supervisor
        }
        fn init(&self, _args: Self::Args) -> ::suptree::DynamicSupervisorSpec {
            ::suptree::DynamicSupervisorSpec::new().max_children(10)
        }
    }
    const _: fn() = ::suptree::__private::require_dynamic_child::<Room>;
    impl ::suptree::Child for __Supervisor
    where
        for<'__any> Room: ::suptree::DynamicChild,
    {
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
    impl ::suptree::OnDemand for __Supervisor
    where
        for<'__any> Room: ::suptree::DynamicChild,
    {
        type Given = ::suptree::Cloned;
    }
    #[automatically_derived]
    impl ::core::ops::Deref for AppRooms
    where
        for<'__any> Room: ::suptree::DynamicChild,
    {
        type Target = ::suptree::DynamicSupervisorRef<Room>;
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
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
struct AppPool
where
    for<'__any> Worker: ::suptree::Restartable,
    for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
    for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
        + ::core::marker::Send,
{
    supervisor: ::suptree::PartitionSupervisorRef<Worker>,
}
const _: () = {
    type __Supervisor = AppPool;
    impl AppPool
    where
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
            + ::core::marker::Send,
    {
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
    impl ::suptree::PartitionSupervisor for __Supervisor
    where
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
            + ::core::marker::Send,
    {
        type Child = Worker;
        fn supervisor(&self) -> &::suptree::PartitionSupervisorRef<Worker> {
            &self.supervisor
        }
        fn init(
            &self,
            (config, cache): Self::Args,
        ) -> ::suptree::PartitionSupervisorSpec<Worker> {
            ::suptree::PartitionSupervisorSpec::new(move |_| {
                    use ::suptree::__private::Args2 as _;
                    <Worker>::__args(
                        { ::core::clone::Clone::clone(&config.path) },
                        { ::core::clone::Clone::clone(&cache) },
                    )
                })
                .partitions(4)
        }
    }
    const _: fn() = || {
        use ::suptree::__private::NoChild as _;
        ::suptree::__private::Listed::<Worker>::new().child().is_restartable();
    };
    const _: fn() = ::suptree::__private::require_supervisor_arg::<Config>;
    const _: fn() = ::suptree::__private::require_supervisor_arg::<
        <Cache as ::suptree::Child>::Handle,
    >;
    const _: () = {
        use ::suptree::__private::NoLiteralName as _;
        ::suptree::__private::require_no_name(<Worker>::__NAME);
    };
    impl ::suptree::Child for __Supervisor
    where
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
            + ::core::marker::Send,
    {
        type Args = (Config, <Cache as ::suptree::Child>::Handle);
        type Handle = Self;
        const RESTART: ::core::option::Option<::suptree::Restart> = ::core::option::Option::Some(
            ::suptree::Restart::Permanent,
        );
        fn vacant() -> Self {
            Self {
                supervisor: ::suptree::PartitionSupervisorRef::vacant(),
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
    impl ::suptree::OnDemand for __Supervisor
    where
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
            + ::core::marker::Send,
    {
        type Given = ::suptree::Cloned<::suptree::Each>;
    }
    #[automatically_derived]
    impl ::core::ops::Deref for AppPool
    where
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
            + ::core::marker::Send,
    {
        type Target = ::suptree::PartitionSupervisorRef<Worker>;
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
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
struct Storage
where
    for<'__any> Disk: ::suptree::Restartable,
    for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
    for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
        + ::core::marker::Send,
{
    disk: <Disk as ::suptree::Child>::Handle,
    supervisor: ::suptree::SupervisorRef,
}
const _: () = {
    type __Supervisor = Storage;
    impl Storage
    where
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
            + ::core::marker::Send,
    {
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
                .child::<Disk>("disk", "Disk", "")
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
        fn disk(&self) -> <Disk as ::suptree::Child>::Handle {
            ::core::clone::Clone::clone(&self.disk)
        }
    }
    impl ::suptree::Supervisor for __Supervisor
    where
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
            + ::core::marker::Send,
    {
        fn supervisor(&self) -> &::suptree::SupervisorRef {
            &self.supervisor
        }
        fn init(&self, (config, cache): Self::Args) -> ::suptree::SupervisorSpec {
            ::suptree::SupervisorSpec::new(::suptree::Strategy::OneForAll)
                .child(
                    <Disk as ::suptree::Child>::child_spec(
                        &self.disk,
                        "disk",
                        {
                            use ::suptree::__private::Args2 as _;
                            <Disk>::__args(config.path, cache)
                        },
                    ),
                )
        }
    }
    const _: fn() = || {
        use ::suptree::__private::NoChild as _;
        ::suptree::__private::Listed::<Disk>::new().child().is_restartable();
    };
    const _: fn() = ::suptree::__private::require_supervisor_arg::<Config>;
    const _: fn() = ::suptree::__private::require_supervisor_arg::<
        <Cache as ::suptree::Child>::Handle,
    >;
    impl ::suptree::Child for __Supervisor
    where
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
            + ::core::marker::Send,
    {
        type Args = (Config, <Cache as ::suptree::Child>::Handle);
        type Handle = Self;
        const RESTART: ::core::option::Option<::suptree::Restart> = ::core::option::Option::Some(
            ::suptree::Restart::Permanent,
        );
        fn vacant() -> Self {
            Self {
                disk: <Disk as ::suptree::Child>::vacant(),
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
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
            + ::core::marker::Send,
    {
        type Given = ::suptree::Cloned<::suptree::Each>;
    }
    #[automatically_derived]
    impl ::core::ops::Deref for Storage
    where
        for<'__any> Disk: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> <Cache as ::suptree::Child>::Handle: ::core::clone::Clone
            + ::core::marker::Send,
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
        <Api>::__NAME,
        <Disk>::__NAME,
    ];
    ::suptree::__private::require_own_name(NAMES, 1usize);
    ::suptree::__private::require_own_name(NAMES, 2usize);
};
