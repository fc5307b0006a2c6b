/// Works.
///
/// ```text
/// Pool (partition Worker, config.workers partitions, 10 restarts in 5 s)
/// ```
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct Pool
where
    for<'__any> Worker: ::suptree::Restartable,
    for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
    for<'__any> CacheClient: ::core::clone::Clone + ::core::marker::Send,
{
    supervisor: ::suptree::PartitionSupervisorRef<Worker>,
}
const _: () = {
    type __Supervisor = Pool;
    impl Pool
    where
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> CacheClient: ::core::clone::Clone + ::core::marker::Send,
    {
        /// Starts the supervisor `Pool` and its partitions, linked to the calling process.
        pub fn start_link(config: Config, cache: CacheClient) -> ::suptree::Start<Self> {
            ::suptree::start_link_partition_supervisor::<Self>((config, cache))
        }
        /// How another supervisor starts, restarts and stops `Pool`.
        pub fn child_spec(config: Config, cache: CacheClient) -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("pool", (config, cache))
        }
        /// The supervisor of this name: whichever `Pool` has it when it is asked.
        #[must_use]
        pub fn named() -> Self {
            Self {
                supervisor: ::suptree::PartitionSupervisorRef::named(
                    ::suptree::Name::from_static("pool"),
                ),
            }
        }
        /// The tree as it is declared: `Display` draws it.
        #[must_use]
        pub fn tree() -> ::suptree::DeclaredTree {
            ::suptree::DeclaredTree::supervisor(
                "Pool (partition Worker, config.workers partitions, 10 restarts in 5 s)",
            )
        }
        #[doc(hidden)]
        #[inline]
        pub fn __args(
            config: Config,
            cache: CacheClient,
        ) -> <Self as ::suptree::Child>::Args {
            (config, cache)
        }
        #[doc(hidden)]
        pub const __NAME: ::core::option::Option<&'static str> = ::core::option::Option::Some(
            "pool",
        );
    }
    impl ::suptree::PartitionSupervisor for __Supervisor
    where
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> CacheClient: ::core::clone::Clone + ::core::marker::Send,
    {
        type Child = Worker;
        fn name() -> ::core::option::Option<::suptree::Name> {
            ::core::option::Option::Some(::suptree::Name::from_static("pool"))
        }
        fn supervisor(&self) -> &::suptree::PartitionSupervisorRef<Worker> {
            &self.supervisor
        }
        fn init(
            &self,
            (config, cache): Self::Args,
        ) -> ::suptree::PartitionSupervisorSpec<Worker> {
            let partitions = { ::core::clone::Clone::clone(&config.workers) };
            ::suptree::PartitionSupervisorSpec::new(move |n| {
                    use ::suptree::__private::Args3 as _;
                    <Worker>::__args(
                        { ::core::clone::Clone::clone(&config.url) },
                        { ::core::clone::Clone::clone(&cache) },
                        n,
                    )
                })
                .partitions(partitions)
                .max_restarts(10)
        }
    }
    const _: fn() = || {
        use ::suptree::__private::NoChild as _;
        ::suptree::__private::Listed::<Worker>::new().child().is_restartable();
    };
    const _: fn() = ::suptree::__private::require_supervisor_arg::<Config>;
    const _: fn() = ::suptree::__private::require_supervisor_arg::<CacheClient>;
    impl ::suptree::Child for __Supervisor
    where
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> CacheClient: ::core::clone::Clone + ::core::marker::Send,
    {
        type Args = (Config, CacheClient);
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
        for<'__any> CacheClient: ::core::clone::Clone + ::core::marker::Send,
    {
        type Given = ::suptree::Cloned<::suptree::Each>;
    }
    #[automatically_derived]
    impl ::core::ops::Deref for Pool
    where
        for<'__any> Worker: ::suptree::Restartable,
        for<'__any> Config: ::core::clone::Clone + ::core::marker::Send,
        for<'__any> CacheClient: ::core::clone::Clone + ::core::marker::Send,
    {
        type Target = ::suptree::PartitionSupervisorRef<Worker>;
        fn deref(&self) -> &Self::Target {
            &self.supervisor
        }
    }
};
const _: () = {
    use ::suptree::__private::NoLiteralName as _;
    const NAMES: &[::core::option::Option<&str>] = &[
        ::core::option::Option::Some("pool"),
        <Worker>::__NAME,
    ];
    ::suptree::__private::require_own_name(NAMES, 1usize);
};
