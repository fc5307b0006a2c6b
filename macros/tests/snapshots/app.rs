/// The supervisor `App`, with a method for each of its children.
///
/// ```text
/// App (one_for_one)
/// └─ cache: Cache
/// ```
struct App {
    cache: <Cache as ::suptree::__private::ChildIn<App, 0>>::Kept,
    supervisor: ::suptree::SupervisorRef,
}
const _: () = {
    type __Supervisor = App;
    impl App {
        /// Starts the supervisor `App` and its children, linked to the calling process.
        fn start_link() -> ::suptree::Start<Self> {
            ::suptree::start_link_supervisor::<Self>(())
        }
        /// How another supervisor starts, restarts and stops `App`.
        fn child_spec() -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("app", ())
        }
        /// The tree as it is declared: `Display` draws it.
        #[must_use]
        fn tree() -> ::suptree::DeclaredTree {
            ::suptree::DeclaredTree::supervisor("App (one_for_one)")
                .child::<__Child0>("cache", "Cache", "")
        }
        #[doc(hidden)]
        #[inline]
        fn __args() -> <Self as ::suptree::Child>::Args {}
        /// The child `cache`, also after it was restarted.
        #[must_use]
        fn cache(&self) -> <Cache as ::suptree::__private::ChildIn<App, 0>>::Given {
            self.cache.handle()
        }
    }
    impl ::suptree::Supervisor for __Supervisor {
        fn supervisor(&self) -> &::suptree::SupervisorRef {
            &self.supervisor
        }
        fn init(&self, _args: Self::Args) -> ::suptree::SupervisorSpec {
            ::suptree::SupervisorSpec::new(::suptree::Strategy::OneForOne)
                .child(
                    <__Child0 as ::suptree::Child>::child_spec(
                        &self.cache,
                        "cache",
                        {
                            use ::suptree::__private::Args0 as _;
                            <__Child0>::__args()
                        },
                    ),
                )
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
    impl ::suptree::Child for __Supervisor {
        type Args = ();
        type Handle = Self;
        const RESTART: ::core::option::Option<::suptree::Restart> = ::core::option::Option::Some(
            ::suptree::Restart::Permanent,
        );
        const DEPTH: ::core::primitive::usize = ::suptree::__private::deepest([
            <__Child0 as ::suptree::Child>::DEPTH,
        ]);
        fn vacant() -> Self {
            Self {
                cache: ::suptree::__private::KeptHandle::vacant(),
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
                supervisor: ::core::clone::Clone::clone(&self.supervisor),
            }
        }
    }
    impl ::core::fmt::Debug for App {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            let mut debug = f.debug_struct("App");
            debug.field("cache", &self.cache);
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
