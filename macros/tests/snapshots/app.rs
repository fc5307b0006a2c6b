/// The supervisor `App`, with a method for each of its children.
///
/// ```text
/// App (one_for_one)
/// └─ cache: Cache
/// ```
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
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
                .child::<
                    <Cache as ::suptree::__private::ChildIn<App, 0>>::Child,
                >("cache", "Cache", "")
        }
        #[doc(hidden)]
        #[inline]
        fn __args() -> <Self as ::suptree::Child>::Args {}
        /// The child `cache`, also after it was restarted.
        #[must_use]
        fn cache(&self) -> <Cache as ::suptree::__private::ChildIn<App, 0>>::Given {
            ::core::clone::Clone::clone(&self.cache)
        }
    }
    impl ::suptree::Supervisor for __Supervisor {
        fn supervisor(&self) -> &::suptree::SupervisorRef {
            &self.supervisor
        }
        fn init(&self, _args: Self::Args) -> ::suptree::SupervisorSpec {
            ::suptree::SupervisorSpec::new(::suptree::Strategy::OneForOne)
                .child(
                    <<Cache as ::suptree::__private::ChildIn<
                        App,
                        0,
                    >>::Child as ::suptree::Child>::child_spec(
                        &self.cache,
                        "cache",
                        {
                            use ::suptree::__private::Args0 as _;
                            <<Cache as ::suptree::__private::ChildIn<
                                App,
                                0,
                            >>::Child>::__args()
                        },
                    ),
                )
        }
    }
    impl ::suptree::__private::ChildIn<App, 0> for Cache {
        type Listed = ::suptree::__private::Checked<
            Cache,
            {
                ::suptree::__private::asked::<
                    <Cache as ::suptree::ListedChild>::Itself,
                >()
            },
        >;
        type Kept = <<Self as ::suptree::__private::ChildIn<
            App,
            0,
        >>::Listed as ::suptree::Child>::Handle;
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
        fn vacant() -> Self {
            Self {
                cache: <<Cache as ::suptree::__private::ChildIn<
                    App,
                    0,
                >>::Child as ::suptree::Child>::vacant(),
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
    #[automatically_derived]
    impl ::core::ops::Deref for App {
        type Target = ::suptree::SupervisorRef;
        fn deref(&self) -> &Self::Target {
            &self.supervisor
        }
    }
};
