impl Cache {
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
    fn save(&mut self, new: String) {
        self.0 = Some(new);
    }
}
/// Client of a [`Cache`] server: one method per handler.
#[allow(dead_code, private_interfaces, unreachable_pub)]
type CacheClient = __cache_client::CacheClient<Cache>;
#[doc(hidden)]
mod __cache_client {
    ::suptree::__private::client_type! {
        CacheClient
    }
}
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction,
    dead_code,
    deprecated,
    non_camel_case_types,
    non_snake_case,
    private_bounds,
    private_interfaces,
    unexpected_cfgs,
    unreachable_code,
    unreachable_patterns,
    unreachable_pub,
    unused_qualifications,
    unused_variables,
    rustdoc::broken_intra_doc_links,
    rustdoc::private_intra_doc_links
)]
const _: () = {
    impl Cache {
        /// Starts a `Cache` that is linked to the calling process.
        pub fn start_link() -> ::suptree::Start<Self> {
            ::suptree::start_link::<Self>(())
        }
        /// Starts a `Cache` without a link.
        pub fn start() -> ::suptree::Start<Self> {
            ::suptree::start::<Self>(())
        }
        /// How a supervisor starts, restarts and stops a `Cache`.
        pub fn child_spec() -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("cache", ())
        }
        /// The client of the `Cache` of this name: of whichever process has it when a call is made.
        #[must_use]
        pub fn named() -> CacheClient {
            CacheClient {
                server: ::suptree::ServerRef::named(
                    ::suptree::Name::from_static("cache"),
                ),
            }
        }
        /// The client of the `Cache` that has this name now: of this process, and no other.
        #[must_use]
        pub fn whereis() -> ::core::option::Option<CacheClient> {
            ::core::option::Option::Some(CacheClient {
                server: ::suptree::ServerRef::whereis("cache")?,
            })
        }
    }
    impl CacheClient {
        /// Calls [`Cache::get`].
        fn get(&self) -> ::suptree::Call<'_, Cache, CacheGetCall> {
            self.server.call(CacheGetCall)
        }
        /// Casts to [`Cache::save`].
        fn save(
            &self,
            new: impl ::suptree::IntoArg<String>,
        ) -> ::suptree::Cast<'_, Cache> {
            self.server
                .cast(CacheCast::Save {
                    new: ::suptree::IntoArg::into_arg(new),
                })
        }
    }
    struct CacheGetCall;
    impl ::suptree::Request<Cache> for CacheGetCall {
        type Reply = Option<String>;
        const NAME: &'static str = "get";
        const SYNC: bool = true;
        fn handle(
            self,
            server: &mut Cache,
            _cx: &mut ::suptree::Context<Cache>,
        ) -> ::core::result::Result<Self::Reply, Self> {
            ::core::result::Result::Ok(Cache::get(server))
        }
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> CacheCall {
            CacheCall::Get(self, reply)
        }
    }
    pub enum CacheCall {
        Get(CacheGetCall, ::suptree::ReplyTo<Option<String>>),
    }
    pub enum CacheCast {
        Save { new: String },
    }
    impl ::suptree::GenServer for Cache {
        type Args = ();
        type Call = CacheCall;
        type Cast = CacheCast;
        type Info = ::core::convert::Infallible;
        type Client = CacheClient;
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
        fn try_handle_call(
            &mut self,
            call: Self::Call,
            cx: &mut ::suptree::Context<Self>,
        ) -> ::suptree::Tried<Self::Call> {
            match call {
                CacheCall::Get(_, reply) => cx.reply(reply, Self::get(self)),
            }
            ::suptree::Tried::Handled(::core::result::Result::Ok(()))
        }
        fn try_handle_cast(
            &mut self,
            cast: Self::Cast,
            _cx: &mut ::suptree::Context<Self>,
        ) -> ::suptree::Tried<Self::Cast> {
            match cast {
                CacheCast::Save { new } => Self::save(self, new),
            }
            ::suptree::Tried::Handled(::core::result::Result::Ok(()))
        }
        fn try_terminate(
            &mut self,
            _reason: &::suptree::ExitReason,
            _cx: &mut ::suptree::Context<Self>,
        ) -> bool {
            true
        }
        fn describe_call(call: &Self::Call) -> ::suptree::Described<'_> {
            match *call {
                CacheCall::Get(ref request, _) => ::suptree::Request::describe(request),
            }
        }
        fn describe_cast(cast: &Self::Cast) -> ::suptree::Described<'_> {
            match *cast {
                CacheCast::Save { .. } => ::suptree::Described::new("save"),
            }
        }
        fn debug_state(&self) -> ::core::option::Option<&dyn ::core::fmt::Debug> {
            ::suptree::__private::debug_of!(self)
        }
    }
    #[cfg(not(rust_analyzer))]
    const _: fn() = ::suptree::__private::require_server_state::<Cache>;
};
