/// Works.
///
/// ```text
/// Pool (partition Worker, config.workers partitions, 10 restarts in 5 s)
/// ```
pub struct Pool {
    supervisor: <Worker as ::suptree::__private::ChildIn<Pool, 0>>::Kept,
    __marker: ::core::marker::PhantomData<fn() -> ()>,
}
const _: () = {
    type __Supervisor = Pool;
    impl Pool {
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
                __marker: ::core::marker::PhantomData,
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
        pub const __NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
            "pool",
        );
    }
    impl ::suptree::PartitionSupervisor for __Supervisor {
        type Child = __Child0;
        fn name() -> ::core::option::Option<::suptree::Name> {
            ::core::option::Option::Some(::suptree::Name::from_static("pool"))
        }
        fn supervisor(
            &self,
        ) -> &<Worker as ::suptree::__private::ChildIn<Pool, 0>>::Given {
            &self.supervisor
        }
        fn init(
            &self,
            (config, cache): Self::Args,
        ) -> ::suptree::PartitionSupervisorSpec<__Child0> {
            let partitions = { ::core::clone::Clone::clone(&config.workers) };
            ::suptree::PartitionSupervisorSpec::new(move |n| {
                    use ::suptree::__private::Args3 as _;
                    <__Child0>::__args(
                        { ::core::clone::Clone::clone(&config.url) },
                        { <CacheClient as ::core::clone::Clone>::clone(&cache) },
                        n,
                    )
                })
                .partitions(partitions)
                .max_restarts(10)
        }
    }
    type __Child0 = <Worker as ::suptree::__private::ChildIn<Pool, 0>>::Child;
    impl ::suptree::__private::ChildIn<Pool, 0> for Worker {
        type Listed = ::suptree::__private::Checked<
            Worker,
            {
                ::suptree::__private::asked::<
                    <Worker as ::suptree::ListedChild>::Itself,
                >()
            },
        >;
        type Kept = ::suptree::PartitionSupervisorRef<
            <Self as ::suptree::__private::ChildIn<Pool, 0>>::Listed,
        >;
        type Child = ::suptree::__private::Checked<
            Worker,
            {
                ::suptree::__private::asked::<
                    <::suptree::__private::After<
                        ::suptree::__private::After<
                            <<Self as ::suptree::__private::ChildIn<
                                Pool,
                                0,
                            >>::Listed as ::suptree::Child>::Args,
                            <Config as ::suptree::__private::ArgIn<Pool, 0>>::Arg,
                        >,
                        <CacheClient as ::suptree::__private::ArgIn<Pool, 1>>::Arg,
                    > as ::suptree::RestartArgs<Worker>>::Itself,
                >()
            },
        >;
        type Given = ::suptree::__private::After<
            ::suptree::PartitionSupervisorRef<
                <Self as ::suptree::__private::ChildIn<Pool, 0>>::Listed,
            >,
            <Self as ::suptree::__private::ChildIn<Pool, 0>>::Child,
        >;
    }
    impl ::suptree::__private::ArgIn<Pool, 0> for Config {
        type Arg = ::suptree::__private::Checked<
            Config,
            {
                ::suptree::__private::asked::<
                    <Config as ::suptree::SupervisorArg>::Itself,
                >()
            },
        >;
    }
    impl ::suptree::__private::ArgIn<Pool, 1> for CacheClient {
        type Arg = ::suptree::__private::Checked<
            CacheClient,
            {
                ::suptree::__private::asked::<
                    <CacheClient as ::suptree::SupervisorArg>::Itself,
                >()
            },
        >;
    }
    impl ::suptree::Child for __Supervisor {
        type Args = (
            <Config as ::suptree::__private::ArgIn<Pool, 0>>::Arg,
            <CacheClient as ::suptree::__private::ArgIn<Pool, 1>>::Arg,
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
    impl ::core::clone::Clone for Pool {
        fn clone(&self) -> Self {
            Self {
                supervisor: ::core::clone::Clone::clone(&self.supervisor),
                __marker: ::core::marker::PhantomData,
            }
        }
    }
    impl ::core::fmt::Debug for Pool {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            let mut debug = f.debug_struct("Pool");
            debug.field("supervisor", &self.supervisor);
            debug.finish()
        }
    }
    #[automatically_derived]
    impl ::core::ops::Deref for Pool {
        type Target = <Worker as ::suptree::__private::ChildIn<Pool, 0>>::Given;
        fn deref(&self) -> &Self::Target {
            &self.supervisor
        }
    }
};
const _: () = {
    use ::suptree::__private::NoLiteralName as _;
    const NAMES: &[::core::option::Option<&::core::primitive::str>] = &[
        ::core::option::Option::Some("pool"),
        <Worker>::__NAME,
    ];
    ::suptree::__private::require_own_name(NAMES, 1usize);
};
