impl Memory {
    fn get(&self, key: String) -> Option<u64> {
        self.0.get(&key).copied()
    }
    fn put(&mut self, key: String, value: u64) {
        self.0.insert(key, value);
    }
}
/// The block of `Memory` that is no part: there is one.
#[doc(hidden)]
mod Memory_without_part_9173 {
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
/// Client of a [`Memory`] server: one method per handler.
type MemoryClient = __MemoryClient::MemoryClientOf<Memory>;
/// Public in a private module: how visible `Memory` is, the macro cannot know.
#[doc(hidden)]
mod __MemoryClient {
    ::suptree::__private::client_type! {
        MemoryClient as MemoryClientOf
    }
}
const _: () = {
    impl Memory {
        /// Starts a `Memory` that is linked to the calling process.
        pub fn start_link() -> ::suptree::Start<MemoryClient> {
            ::suptree::start_link::<Self>(())
        }
        /// Starts a `Memory` without a link.
        pub fn start() -> ::suptree::Start<MemoryClient> {
            ::suptree::start::<Self>(())
        }
        /// How a supervisor starts, restarts and stops a `Memory`.
        pub fn child_spec() -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("memory", ())
        }
        #[doc(hidden)]
        #[inline]
        pub fn __args() -> <Self as ::suptree::GenServer>::Args {}
    }
    impl MemoryClient {
        /// Calls [`Memory::get`].
        fn get<A: ::suptree::IntoArg<String>>(
            &self,
            key: A,
        ) -> ::suptree::Call<'_, Option<u64>, Memory, MemoryGetCall> {
            ::suptree::ServerRef::call(
                self,
                MemoryGetCall {
                    key: ::suptree::IntoArg::into_arg(key),
                },
            )
        }
        /// Casts to [`Memory::put`].
        fn put<A: ::suptree::IntoArg<String>>(
            &self,
            key: A,
            value: u64,
        ) -> ::suptree::Cast<'_, Memory, (String, u64)> {
            ::suptree::__private::send(
                self,
                (::suptree::IntoArg::into_arg(key), value),
                &::suptree::__private::Way {
                    make: |(key, value)| ::suptree::__private::Message::Cast(MemoryCast::Put {
                        key,
                        value,
                    }),
                    back: |message| match message {
                        ::suptree::__private::Message::Cast(
                            MemoryCast::Put { key, value },
                        ) => ::core::option::Option::Some((key, value)),
                        _ => ::core::option::Option::None,
                    },
                },
            )
        }
    }
    /// The call [`Memory::get`].
    struct MemoryGetCall {
        key: String,
    }
    impl ::suptree::Request<Memory> for MemoryGetCall
    where
        Memory: for<'__any> ::suptree::ServerState<'__any>,
    {
        const MODE: ::suptree::__private::Mode = ::suptree::__private::Mode::Sync;
        fn handle(
            self,
            server: &mut Memory,
            _cx: &mut ::suptree::Context<Memory>,
        ) -> Self::Reply {
            Memory::get(server, self.key)
        }
    }
    impl ::suptree::RequestMessage<Memory> for MemoryGetCall
    where
        Memory: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = Option<u64>;
        type Args = String;
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            0,
        );
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> MemoryCall {
            MemoryCall::Get(self, reply)
        }
        fn take_back(call: MemoryCall) -> ::core::option::Option<Self::Args> {
            let MemoryCall::Get(request, _) = call;
            ::core::option::Option::Some(request.key)
        }
    }
    /// The calls of a [`Memory`].
    pub enum MemoryCall {
        Get(MemoryGetCall, ::suptree::ReplyTo<Option<u64>>),
    }
    /// The casts of a [`Memory`].
    pub enum MemoryCast {
        Put { key: String, value: u64 },
    }
    impl ::suptree::__private::Dispatch<Memory> for MemoryCall
    where
        Memory: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Memory,
            cx: &mut ::suptree::Context<Memory>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                MemoryCall::Get(request, reply) => {
                    ::suptree::Request::answer(request, server, reply, cx)
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                MemoryCall::Get(..) => ::suptree::__private::listed(0),
            }
        }
    }
    impl ::suptree::__private::Dispatch<Memory> for MemoryCast
    where
        Memory: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Memory,
            _cx: &mut ::suptree::Context<Memory>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                MemoryCast::Put { key, value } => {
                    ::suptree::__private::Outcome::into_result(
                        Memory::put(server, key, value),
                    )
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                MemoryCast::Put { .. } => ::suptree::__private::listed(1),
            }
        }
    }
    type __Server = Memory;
    impl ::suptree::ServerState<'_> for Memory {}
    impl ::suptree::GenServer for __Server
    where
        Memory: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Args = ();
        type Call = MemoryCall;
        type Cast = MemoryCast;
        type Info = ::suptree::NoMessage;
        type Client = MemoryClient;
        const HANDLERS: &'static [::suptree::__private::Handler] = &[
            ::suptree::__private::Handler::at("get", ::core::panic::Location::caller()),
            ::suptree::__private::Handler::at("put", ::core::panic::Location::caller()),
        ];
        const WAITS: ::core::primitive::bool = false;
        const HEARS: ::suptree::__private::Hears = ::suptree::__private::Hears::NOTHING;
        async fn init(
            _args: Self::Args,
            _cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<Self, ::suptree::ExitReason> {
            ::core::result::Result::Ok(
                <Memory as ::suptree::__private::InitialState>::initial_state(),
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
        Memory: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Given = ::suptree::Cloned;
    }
    impl ::suptree::__private::HandlesCall<
        ::suptree::__private::Word<{ ::suptree::__private::word("get") }>,
        (String,),
        Option<u64>,
    > for Memory
    where
        Memory: for<'__any> ::suptree::ServerState<'__any>,
    {
        #[inline]
        fn call(
            client: &Self::Client,
            (key,): (String,),
        ) -> ::suptree::ProtocolCall<Option<u64>> {
            ::suptree::__private::protocol_call(<MemoryClient>::get(client, key))
        }
    }
    impl ::suptree::__private::HandlesCast<
        ::suptree::__private::Word<{ ::suptree::__private::word("put") }>,
        (String, u64),
    > for Memory
    where
        Memory: for<'__any> ::suptree::ServerState<'__any>,
    {
        #[inline]
        fn cast(
            client: &Self::Client,
            (key, value): (String, u64),
        ) -> ::suptree::ProtocolCast {
            ::suptree::__private::protocol_cast(<MemoryClient>::put(client, key, value))
        }
    }
    impl ::suptree::__private::Speaks<(dyn KeyValue + 'static)> for Memory
    where
        Memory: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn speak(
            client: Self::Client,
        ) -> <(dyn KeyValue + 'static) as ::suptree::__private::Protocol>::Client {
            let nobody = <(dyn KeyValue + 'static) as ::suptree::__private::Protocol>::nobody();
            nobody
                .of_server::<
                    ::suptree::__private::Checked<
                        Self,
                        {
                            ::suptree::__private::require_like(
                                "call get/1",
                                &["call get/1", "cast put/2"],
                                "KeyValue",
                                <(dyn KeyValue + 'static) as ::suptree::__private::Protocol>::METHODS,
                            );
                            ::suptree::__private::require_like(
                                "cast put/2",
                                &["call get/1", "cast put/2"],
                                "KeyValue",
                                <(dyn KeyValue + 'static) as ::suptree::__private::Protocol>::METHODS,
                            );
                            ::suptree::__private::require_handlers(
                                &["call get/1", "cast put/2"],
                                <(dyn KeyValue + 'static) as ::suptree::__private::Protocol>::METHODS,
                            )
                        },
                    >,
                >(client)
        }
    }
};
