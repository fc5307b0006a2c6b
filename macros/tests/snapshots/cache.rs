impl Cache {
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
    fn save(&mut self, new: String) {
        self.0 = Some(new);
    }
}
/// The block of `Cache` that is no part: there is one.
#[doc(hidden)]
mod Cache_without_part_24bf {
    macro_rules! only {
        (6 $block:ident $methods:tt $($items:tt)*) => {
            $($items)*
        };
        ($line:tt $block:ident { $($methods:tt)* } $($items:tt)*) => {
            ::suptree::__private::second_block! { $block } $($methods)*
        };
    }
    pub(super) use only;
}
/// Client of a [`Cache`] server: one method per handler.
type CacheClient = __CacheClient::CacheClientOf<Cache>;
/// Public in a private module: how visible `Cache` is, the macro cannot know.
#[doc(hidden)]
mod __CacheClient {
    ::suptree::__private::client_type! {
        CacheClient as CacheClientOf
    }
}
const _: () = {
    impl Cache {
        /// Starts a `Cache` that is linked to the calling process.
        pub fn start_link() -> ::suptree::Start<CacheClient> {
            ::suptree::start_link::<Self>(())
        }
        /// Starts a `Cache` without a link.
        pub fn start() -> ::suptree::Start<CacheClient> {
            ::suptree::start::<Self>(())
        }
        /// How a supervisor starts, restarts and stops a `Cache`.
        pub fn child_spec() -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("cache", ())
        }
        /// The client of the `Cache` of this name: of whichever process has it when a call is made.
        #[must_use]
        pub fn named() -> CacheClient {
            ::core::convert::From::from(
                ::suptree::ServerRef::named(::suptree::Name::from_static("cache")),
            )
        }
        /// The client of the `Cache` that has this name now: of this process, and no other.
        #[must_use]
        pub fn whereis() -> ::core::option::Option<CacheClient> {
            ::core::option::Option::map(
                ::suptree::ServerRef::whereis("cache"),
                ::core::convert::From::from,
            )
        }
        #[doc(hidden)]
        #[inline]
        pub fn __args() -> <Self as ::suptree::GenServer>::Args {}
        #[doc(hidden)]
        pub const __NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
            "cache",
        );
    }
    impl CacheClient {
        /// Calls [`Cache::get`].
        fn get(&self) -> ::suptree::Call<'_, Option<String>, Cache, CacheGetCall> {
            ::suptree::ServerRef::call(self, CacheGetCall)
        }
        /// Casts to [`Cache::save`].
        fn save<A: ::suptree::IntoArg<String>>(
            &self,
            new: A,
        ) -> ::suptree::Cast<'_, Cache, String> {
            ::suptree::__private::send(
                self,
                ::suptree::IntoArg::into_arg(new),
                &::suptree::__private::Way {
                    make: |new| ::suptree::__private::Message::Cast(CacheCast::Save {
                        new,
                    }),
                    back: |message| match message {
                        ::suptree::__private::Message::Cast(CacheCast::Save { new }) => {
                            ::core::option::Option::Some(new)
                        }
                        _ => ::core::option::Option::None,
                    },
                },
            )
        }
    }
    /// The call [`Cache::get`].
    struct CacheGetCall;
    impl ::suptree::Request<Cache> for CacheGetCall
    where
        Cache: for<'__any> ::suptree::ServerState<'__any>,
    {
        const MODE: ::suptree::__private::Mode = ::suptree::__private::Mode::Sync;
        fn handle(
            self,
            server: &mut Cache,
            _cx: &mut ::suptree::Context<Cache>,
        ) -> Self::Reply {
            Cache::get(server)
        }
    }
    impl ::suptree::RequestMessage<Cache> for CacheGetCall
    where
        Cache: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = Option<String>;
        type Args = ();
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            0,
        );
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> CacheCall {
            CacheCall::Get(self, reply)
        }
        fn take_back(call: CacheCall) -> ::core::option::Option<Self::Args> {
            let CacheCall::Get(_, _) = call;
            ::core::option::Option::Some(())
        }
    }
    /// The calls of a [`Cache`].
    pub enum CacheCall {
        Get(CacheGetCall, ::suptree::ReplyTo<Option<String>>),
    }
    /// The casts of a [`Cache`].
    pub enum CacheCast {
        Save { new: String },
    }
    impl ::suptree::__private::Dispatch<Cache> for CacheCall
    where
        Cache: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Cache,
            cx: &mut ::suptree::Context<Cache>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                CacheCall::Get(request, reply) => {
                    ::suptree::Request::answer(request, server, reply, cx)
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                CacheCall::Get(..) => ::suptree::__private::listed(0),
            }
        }
    }
    impl ::suptree::__private::Dispatch<Cache> for CacheCast
    where
        Cache: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Cache,
            _cx: &mut ::suptree::Context<Cache>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                CacheCast::Save { new } => {
                    ::suptree::__private::Outcome::into_result(Cache::save(server, new))
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                CacheCast::Save { .. } => ::suptree::__private::listed(1),
            }
        }
    }
    type __Server = Cache;
    impl ::suptree::ServerState<'_> for Cache {}
    impl ::suptree::GenServer for __Server
    where
        Cache: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Args = ();
        type Call = CacheCall;
        type Cast = CacheCast;
        type Info = ::suptree::NoMessage;
        type Client = CacheClient;
        const HANDLERS: &'static [::suptree::__private::Handler] = &[
            ::suptree::__private::Handler::at("get", ::core::panic::Location::caller()),
            ::suptree::__private::Handler::at("save", ::core::panic::Location::caller()),
        ];
        const WAITS: ::core::primitive::bool = false;
        const HEARS: ::suptree::__private::Hears = ::suptree::__private::Hears::NOTHING;
        fn name(_args: &Self::Args) -> ::core::option::Option<::suptree::Name> {
            ::core::option::Option::Some(::suptree::Name::from_static("cache"))
        }
        async fn init(
            _args: Self::Args,
            _cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<Self, ::suptree::ExitReason> {
            ::core::result::Result::Ok(
                <Cache as ::suptree::__private::InitialState>::initial_state(),
            )
        }
        fn message_waits(
            message: &::suptree::__private::Message<Self>,
        ) -> ::core::primitive::bool {
            ::suptree::__private::message_waits(message)
        }
        fn handle_message_now(
            &mut self,
            message: ::suptree::__private::Message<Self>,
            cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            ::suptree::__private::handle_message_now(self, message, cx)
        }
        fn message_handler(
            message: &::suptree::__private::Message<Self>,
        ) -> ::suptree::__private::HandlerCode {
            ::suptree::__private::message_handler(message)
        }
        fn debug_state(&self) -> ::core::option::Option<&dyn ::core::fmt::Debug> {
            ::suptree::__private::debug_of!(self)
        }
    }
    impl ::suptree::OnDemand for __Server
    where
        Cache: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Given = ::suptree::Cloned;
    }
};
