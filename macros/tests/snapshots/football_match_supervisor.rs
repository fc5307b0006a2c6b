/// The dynamic supervisor `FootballMatchSupervisor`: its children are started one by one.
#[derive(::core::clone::Clone)]
struct FootballMatchSupervisor
where
    for<'__any> FootballMatchTracker: ::suptree::Child,
{
    supervisor: ::suptree::DynamicSupervisorRef<FootballMatchTracker>,
}
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction,
    dead_code,
    deprecated,
    private_interfaces,
    unexpected_cfgs,
    unreachable_pub,
    unused_qualifications,
    unused_variables
)]
const _: () = {
    impl FootballMatchSupervisor
    where
        for<'__any> FootballMatchTracker: ::suptree::Child,
    {
        /// Starts the supervisor `FootballMatchSupervisor`, linked to the calling process.
        fn start_link() -> ::suptree::StartDynamicSupervisor<Self> {
            ::suptree::start_link_dynamic_supervisor::<Self>()
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
    }
    impl ::suptree::DynamicSupervisor for FootballMatchSupervisor
    where
        for<'__any> FootballMatchTracker: ::suptree::Child,
    {
        type Child = FootballMatchTracker;
        fn name() -> ::core::option::Option<::suptree::Name> {
            ::core::option::Option::Some(
                ::suptree::Name::from_static("football_match_supervisor"),
            )
        }
        fn vacant() -> Self {
            Self {
                supervisor: ::suptree::DynamicSupervisorRef::vacant(),
            }
        }
        fn supervisor(&self) -> &::suptree::DynamicSupervisorRef<FootballMatchTracker> {
            &self.supervisor
        }
        fn init(&self) -> ::suptree::DynamicSupervisorSpec {
            ::suptree::DynamicSupervisorSpec::new()
        }
    }
    impl ::suptree::Child for FootballMatchSupervisor
    where
        for<'__any> FootballMatchTracker: ::suptree::Child,
    {
        type Args = ();
        type Handle = Self;
        fn vacant() -> Self {
            <Self as ::suptree::DynamicSupervisor>::vacant()
        }
        fn child_spec(
            handle: &Self,
            id: impl ::core::convert::Into<::suptree::ChildId>,
            args: (),
        ) -> ::suptree::ChildSpec {
            ::suptree::__private::dynamic_supervisor_child_spec::<Self>(handle, id, args)
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for FootballMatchSupervisor
    where
        for<'__any> FootballMatchTracker: ::suptree::Child,
    {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Formatter::debug_tuple(f, "FootballMatchSupervisor")
                .field(&self.supervisor)
                .finish()
        }
    }
    #[automatically_derived]
    impl ::core::ops::Deref for FootballMatchSupervisor
    where
        for<'__any> FootballMatchTracker: ::suptree::Child,
    {
        type Target = ::suptree::DynamicSupervisorRef<FootballMatchTracker>;
        fn deref(&self) -> &Self::Target {
            &self.supervisor
        }
    }
    #[cfg(not(rust_analyzer))]
    const _: fn() = ::suptree::__private::require_child::<FootballMatchTracker>;
};
