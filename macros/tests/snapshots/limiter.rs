impl Limiter {
    fn init(most: u32) -> Result<Self, ConfigError> {
        Self::new(most)
    }
    fn take(&mut self, many: u32, cx: &mut Context<Self>) -> Result<(), Refused> {
        self.take_some(many, cx)
    }
    fn fill(&mut self) {
        self.left = self.most;
    }
}
/// The block of `Limiter` that is no part: there is one.
#[doc(hidden)]
mod Limiter_without_part_b94a {
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
/// Client of a [`Limiter`] server: one method per handler.
type LimiterClient = __LimiterClient::LimiterClientOf<Limiter>;
/// Public in a private module: how visible `Limiter` is, the macro cannot know.
#[doc(hidden)]
mod __LimiterClient {
    ::suptree::__private::client_type! {
        LimiterClient as LimiterClientOf
    }
}
const _: () = {
    impl Limiter
    where
        Result<(), Refused>: for<'__any> ::suptree::TakenAlong<'__any, Limiter, (), 0>,
    {
        /// Starts a `Limiter` that is linked to the calling process.
        pub fn start_link(most: u32) -> ::suptree::Start<LimiterClient> {
            ::suptree::start_link::<Self>(most)
        }
        /// Starts a `Limiter` without a link.
        pub fn start(most: u32) -> ::suptree::Start<LimiterClient> {
            ::suptree::start::<Self>(most)
        }
        /// How a supervisor starts, restarts and stops a `Limiter`.
        pub fn child_spec(most: u32) -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("limiter", most)
        }
        /// The client of the `Limiter` of this name: of whichever process has it when a call is made.
        #[must_use]
        pub fn named() -> LimiterClient {
            ::core::convert::From::from(
                ::suptree::ServerRef::named(::suptree::Name::from_static("limiter")),
            )
        }
        /// The client of the `Limiter` that has this name now: of this process, and no other.
        #[must_use]
        pub fn whereis() -> ::core::option::Option<LimiterClient> {
            ::core::option::Option::map(
                ::suptree::ServerRef::whereis("limiter"),
                ::core::convert::From::from,
            )
        }
        #[doc(hidden)]
        #[inline]
        pub fn __args(most: u32) -> <Self as ::suptree::GenServer>::Args {
            most
        }
        #[doc(hidden)]
        pub const __NAME: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::Some(
            "limiter",
        );
    }
    impl LimiterClient
    where
        Result<(), Refused>: for<'__any> ::suptree::TakenAlong<'__any, Limiter, (), 0>,
    {
        /// Calls [`Limiter::take`].
        fn take(
            &self,
            many: u32,
        ) -> ::suptree::Call<'_, Result<(), Refused>, Limiter, LimiterTakeCall> {
            ::suptree::ServerRef::call(self, LimiterTakeCall { many })
        }
    }
    /// The call [`Limiter::take`].
    struct LimiterTakeCall {
        many: u32,
    }
    impl ::suptree::Request<Limiter> for LimiterTakeCall
    where
        Result<(), Refused>: for<'__any> ::suptree::TakenAlong<'__any, Limiter, (), 0>,
        Limiter: for<'__any> ::suptree::ServerState<'__any>,
    {
        const MODE: ::suptree::__private::Mode = ::suptree::__private::Mode::Sync;
        fn handle(
            self,
            server: &mut Limiter,
            cx: &mut ::suptree::Context<Limiter>,
        ) -> Self::Reply {
            Limiter::take(server, self.many, cx)
        }
    }
    impl ::suptree::RequestMessage<Limiter> for LimiterTakeCall
    where
        Result<(), Refused>: for<'__any> ::suptree::TakenAlong<'__any, Limiter, (), 0>,
        Limiter: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = Result<(), Refused>;
        type Args = u32;
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            0,
        );
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> LimiterCall {
            LimiterCall::Take(self, reply)
        }
        fn take_back(call: LimiterCall) -> ::core::option::Option<Self::Args> {
            let LimiterCall::Take(request, _) = call;
            ::core::option::Option::Some(request.many)
        }
    }
    /// The calls of a [`Limiter`].
    pub enum LimiterCall {
        Take(LimiterTakeCall, ::suptree::ReplyTo<Result<(), Refused>>),
    }
    /// The infos of a [`Limiter`].
    pub enum LimiterInfo {
        Fill,
    }
    impl ::suptree::__private::Dispatch<Limiter> for LimiterCall
    where
        Result<(), Refused>: for<'__any> ::suptree::TakenAlong<'__any, Limiter, (), 0>,
        Limiter: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Limiter,
            cx: &mut ::suptree::Context<Limiter>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                LimiterCall::Take(request, reply) => {
                    ::suptree::Request::answer(request, server, reply, cx)
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                LimiterCall::Take(..) => ::suptree::__private::listed(0),
            }
        }
    }
    impl ::suptree::__private::Dispatch<Limiter> for LimiterInfo
    where
        Result<(), Refused>: for<'__any> ::suptree::TakenAlong<'__any, Limiter, (), 0>,
        Limiter: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Limiter,
            _cx: &mut ::suptree::Context<Limiter>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                LimiterInfo::Fill => {
                    ::suptree::__private::Outcome::into_result(Limiter::fill(server))
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                LimiterInfo::Fill => ::suptree::__private::listed(1),
            }
        }
    }
    type __Server = Limiter;
    impl ::suptree::ServerState<'_> for Limiter {}
    impl ::suptree::GenServer for __Server
    where
        Result<(), Refused>: for<'__any> ::suptree::TakenAlong<'__any, Limiter, (), 0>,
        Limiter: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Args = u32;
        type Call = LimiterCall;
        type Cast = ::suptree::NoMessage;
        type Info = LimiterInfo;
        type Client = LimiterClient;
        const OPTIONS: ::suptree::ServerOptions = ::suptree::ServerOptions::new()
            .mailbox(::suptree::Mailbox::Bounded(64));
        const HANDLERS: &'static [::suptree::__private::Handler] = &[
            ::suptree::__private::Handler::at("take", ::core::panic::Location::caller()),
            ::suptree::__private::Handler::at("fill", ::core::panic::Location::caller()),
        ];
        const WAITS: ::core::primitive::bool = false;
        const HEARS: ::suptree::__private::Hears = ::suptree::__private::Hears::NOTHING;
        fn name(_args: &Self::Args) -> ::core::option::Option<::suptree::Name> {
            ::core::option::Option::Some(::suptree::Name::from_static("limiter"))
        }
        async fn init(
            args: Self::Args,
            cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<Self, ::suptree::ExitReason> {
            let state = {
                ::suptree::__private::IntoInit::<Self>::into_init(Self::init(args))
            };
            if ::core::result::Result::is_ok(&state) {
                ::suptree::__private::every(
                    cx,
                    ::core::time::Duration::from_secs(1),
                    |()| ::suptree::__private::Message::Info(LimiterInfo::Fill),
                );
            }
            state
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
        Result<(), Refused>: for<'__any> ::suptree::TakenAlong<'__any, Limiter, (), 0>,
        Limiter: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Given = ::suptree::Cloned;
    }
    impl ::suptree::TakenAlong<'_, Limiter, (), 0> for Result<(), Refused> {}
};
