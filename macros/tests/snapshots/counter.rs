impl Counter {
    async fn next(&mut self) -> u64 {
        self.clock.tick().await;
        self.last += 1;
        self.last
    }
}
/// The block of `Counter` that is no part: there is one.
#[doc(hidden)]
mod Counter_without_part_7b6a {
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
/// Client of a [`Counter`] server: one method per handler.
type CounterClient = __CounterClient::CounterClientOf<Counter>;
/// Public in a private module: how visible `Counter` is, the macro cannot know.
#[doc(hidden)]
mod __CounterClient {
    ::suptree::__private::client_type! {
        CounterClient as CounterClientOf
    }
}
const _: () = {
    impl Counter {
        /// Starts a `Counter` that is linked to the calling process.
        pub fn start_link() -> ::suptree::Start<CounterClient> {
            ::suptree::start_link::<Self>(())
        }
        /// Starts a `Counter` without a link.
        pub fn start() -> ::suptree::Start<CounterClient> {
            ::suptree::start::<Self>(())
        }
        /// How a supervisor starts, restarts and stops a `Counter`.
        pub fn child_spec() -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("counter", ())
        }
        #[doc(hidden)]
        #[inline]
        pub fn __args() -> <Self as ::suptree::GenServer>::Args {}
    }
    impl CounterClient {
        /// Calls [`Counter::next`].
        fn next(&self) -> ::suptree::Call<'_, u64, Counter, CounterNextCall> {
            ::suptree::ServerRef::call(self, CounterNextCall)
        }
    }
    /// The call [`Counter::next`].
    struct CounterNextCall;
    impl ::suptree::Request<Counter> for CounterNextCall
    where
        Counter: for<'__any> ::suptree::ServerState<'__any>,
    {
        const MODE: ::suptree::__private::Mode = ::suptree::__private::Mode::Async;
        fn handle_async(
            self,
            server: &mut Counter,
            _cx: &mut ::suptree::Context<Counter>,
        ) -> impl ::core::future::Future<Output = Self::Reply> + ::core::marker::Send {
            Counter::next(server)
        }
    }
    impl ::suptree::RequestMessage<Counter> for CounterNextCall
    where
        Counter: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = u64;
        type Args = ();
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            0,
        );
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> CounterCall {
            CounterCall::Next(self, reply)
        }
        fn take_back(call: CounterCall) -> ::core::option::Option<Self::Args> {
            let CounterCall::Next(_, _) = call;
            ::core::option::Option::Some(())
        }
    }
    /// The calls of a [`Counter`].
    pub enum CounterCall {
        Next(CounterNextCall, ::suptree::ReplyTo<u64>),
    }
    impl ::suptree::__private::Dispatch<Counter> for CounterCall
    where
        Counter: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn waits(&self) -> ::core::primitive::bool {
            true
        }
        async fn handle<__Carry: ::suptree::__private::Carry>(
            self,
            server: &mut Counter,
            cx: &mut ::suptree::Context<Counter>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                CounterCall::Next(request, reply) => {
                    let answer = __Carry::begin(
                            ::suptree::Request::handle_async(request, server, cx),
                        )
                        .await;
                    cx.reply(reply, answer);
                    ::core::result::Result::Ok(())
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                CounterCall::Next(..) => ::suptree::__private::listed(0),
            }
        }
    }
    type __Server = Counter;
    impl ::suptree::ServerState<'_> for Counter {}
    impl ::suptree::GenServer for __Server
    where
        Counter: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Args = ();
        type Call = CounterCall;
        type Cast = ::suptree::NoMessage;
        type Info = ::suptree::NoMessage;
        type Client = CounterClient;
        const HANDLERS: &'static [::suptree::__private::Handler] = &[
            ::suptree::__private::Handler::at("next", ::core::panic::Location::caller()),
        ];
        const HEARS: ::suptree::__private::Hears = ::suptree::__private::Hears::NOTHING;
        async fn init(
            _args: Self::Args,
            _cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<Self, ::suptree::ExitReason> {
            ::core::result::Result::Ok(
                <Counter as ::suptree::__private::InitialState>::initial_state(),
            )
        }
        fn try_terminate(
            &mut self,
            _reason: &::suptree::ExitReason,
            _cx: &mut ::suptree::Context<Self>,
        ) -> ::core::primitive::bool {
            true
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
        fn handle_message<__Carry: ::suptree::__private::Carry>(
            &mut self,
            message: impl ::suptree::__private::Parcel<Self>,
            cx: &mut ::suptree::Context<Self>,
        ) -> impl ::core::future::Future<
            Output = ::core::result::Result<(), ::suptree::ExitReason>,
        > + ::core::marker::Send {
            ::suptree::__private::handle_message::<__Carry, Self>(self, message, cx)
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
        Counter: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Given = ::suptree::Cloned;
    }
};
