/// The dynamic supervisor `FootballMatchSupervisor`: its children are started one by one.
///
/// ```text
/// FootballMatchSupervisor (dynamic FootballMatchTracker)
/// ```
struct FootballMatchSupervisor {
    supervisor: <FootballMatchTracker as ::suptree::__private::ChildIn<
        FootballMatchSupervisor,
        0,
    >>::Kept,
}
const _: () = {
    type __Supervisor = FootballMatchSupervisor;
    impl FootballMatchSupervisor {
        /// Starts the supervisor `FootballMatchSupervisor`, linked to the calling process.
        fn start_link() -> ::suptree::Start<Self> {
            ::suptree::start_link_dynamic_supervisor::<Self>(())
        }
        /// How another supervisor starts, restarts and stops `FootballMatchSupervisor`.
        fn child_spec() -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("football_match_supervisor", ())
        }
        /// The supervisor of this name: whichever `FootballMatchSupervisor` has it when it is asked.
        #[must_use]
        fn named() -> Self {
            Self {
                supervisor: ::suptree::DynamicSupervisorRef::named(
                    ::suptree::Name::from_static("football_match_supervisor"),
                ),
            }
        }
        /// The tree as it is declared: `Display` draws it.
        #[must_use]
        fn tree() -> ::suptree::DeclaredTree {
            ::suptree::DeclaredTree::supervisor(
                "FootballMatchSupervisor (dynamic FootballMatchTracker)",
            )
        }
        #[doc(hidden)]
        #[inline]
        fn __args() -> <Self as ::suptree::Child>::Args {}
        #[doc(hidden)]
        const __NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
            "football_match_supervisor",
        );
    }
    impl ::suptree::DynamicSupervisor for __Supervisor {
        type Child = __Child0;
        fn name() -> ::core::option::Option<::suptree::Name> {
            ::core::option::Option::Some(
                ::suptree::Name::from_static("football_match_supervisor"),
            )
        }
        fn supervisor(
            &self,
        ) -> &<FootballMatchTracker as ::suptree::__private::ChildIn<
            FootballMatchSupervisor,
            0,
        >>::Given {
            &self.supervisor
        }
        fn init(&self, _args: Self::Args) -> ::suptree::DynamicSupervisorSpec {
            ::suptree::DynamicSupervisorSpec::new()
        }
    }
    type __Child0 = <FootballMatchTracker as ::suptree::__private::ChildIn<
        FootballMatchSupervisor,
        0,
    >>::Child;
    impl ::suptree::__private::ChildIn<FootballMatchSupervisor, 0>
    for FootballMatchTracker {
        type Listed = ::suptree::__private::Checked<
            FootballMatchTracker,
            {
                ::suptree::__private::asked::<
                    <FootballMatchTracker as ::suptree::ListedChild>::Itself,
                >()
            },
        >;
        type Kept = ::suptree::DynamicSupervisorRef<FootballMatchTracker>;
        type Child = ::suptree::__private::Checked<
            FootballMatchTracker,
            {
                ::suptree::__private::asked::<
                    <::suptree::__private::After<
                        FootballMatchTracker,
                        <Self as ::suptree::__private::ChildIn<
                            FootballMatchSupervisor,
                            0,
                        >>::Listed,
                    > as ::suptree::DynamicChild>::Itself,
                >()
            },
        >;
        type Given = ::suptree::__private::After<
            ::suptree::DynamicSupervisorRef<FootballMatchTracker>,
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
    impl ::core::clone::Clone for FootballMatchSupervisor {
        fn clone(&self) -> Self {
            Self {
                supervisor: ::core::clone::Clone::clone(&self.supervisor),
            }
        }
    }
    impl ::core::fmt::Debug for FootballMatchSupervisor {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            let mut debug = f.debug_struct("FootballMatchSupervisor");
            debug.field("supervisor", &self.supervisor);
            debug.finish()
        }
    }
    #[automatically_derived]
    impl ::core::ops::Deref for FootballMatchSupervisor {
        type Target = <FootballMatchTracker as ::suptree::__private::ChildIn<
            FootballMatchSupervisor,
            0,
        >>::Given;
        fn deref(&self) -> &Self::Target {
            &self.supervisor
        }
    }
};
