/// The supervisor `App`, with a method for each of its children.
#[derive(::core::clone::Clone)]
struct App
where
    for<'__any> Cache: ::suptree::Child<Args = ()>,
{
    cache: <Cache as ::suptree::Child>::Handle,
    supervisor: ::suptree::SupervisorRef,
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
    impl App
    where
        for<'__any> Cache: ::suptree::Child<Args = ()>,
    {
        /// Starts the supervisor `App` and its children, linked to the calling process.
        fn start_link() -> ::suptree::StartSupervisor<Self> {
            ::suptree::start_link_supervisor::<Self>(())
        }
        /// How another supervisor starts, restarts and stops `App`.
        fn child_spec() -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("app", ())
        }
        /// The child `cache`, also after it was restarted.
        #[must_use]
        fn cache(&self) -> <Cache as ::suptree::Child>::Handle {
            ::core::clone::Clone::clone(&self.cache)
        }
    }
    impl ::suptree::Supervisor for App
    where
        for<'__any> Cache: ::suptree::Child<Args = ()>,
    {
        type Args = ();
        fn vacant() -> Self {
            Self {
                cache: <Cache as ::suptree::Child>::vacant(),
                supervisor: ::suptree::SupervisorRef::vacant(),
            }
        }
        fn supervisor(&self) -> &::suptree::SupervisorRef {
            &self.supervisor
        }
        fn init(&self, _args: Self::Args) -> ::suptree::SupervisorSpec {
            ::suptree::SupervisorSpec::new(::suptree::Strategy::OneForOne)
                .child(<Cache as ::suptree::Child>::child_spec(&self.cache, "cache", ()))
        }
    }
    impl ::suptree::Child for App
    where
        for<'__any> Cache: ::suptree::Child<Args = ()>,
    {
        type Args = <Self as ::suptree::Supervisor>::Args;
        type Handle = Self;
        fn vacant() -> Self {
            <Self as ::suptree::Supervisor>::vacant()
        }
        fn child_spec(
            handle: &Self,
            id: impl ::core::convert::Into<::suptree::ChildId>,
            args: <Self as ::suptree::Supervisor>::Args,
        ) -> ::suptree::ChildSpec {
            ::suptree::__private::supervisor_child_spec::<Self>(handle, id, args)
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for App
    where
        for<'__any> Cache: ::suptree::Child<Args = ()>,
    {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::core::fmt::Formatter::debug_tuple(f, "App")
                .field(&self.supervisor)
                .finish()
        }
    }
    #[automatically_derived]
    impl ::core::ops::Deref for App
    where
        for<'__any> Cache: ::suptree::Child<Args = ()>,
    {
        type Target = ::suptree::SupervisorRef;
        fn deref(&self) -> &Self::Target {
            &self.supervisor
        }
    }
    const fn without_args<T: ::suptree::Child<Args = ()>>() {}
    #[cfg(not(rust_analyzer))]
    const _: fn() = without_args::<Cache>;
};
