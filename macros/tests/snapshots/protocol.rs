/// Values by their keys.
pub trait KeyValue {
    /// The value of a key.
    fn get(&self, key: String) -> Option<u64>;
    fn put(&mut self, key: String, value: u64);
}
/// Client of the protocol [`KeyValue`]: of any server that speaks it.
pub struct KeyValueClient {
    to: ::suptree::__private::ProtocolLink<dyn __KeyValue>,
}
/// What a client of [`KeyValue`] asks.
#[doc(hidden)]
trait __KeyValue: ::core::marker::Send + ::core::marker::Sync {
    fn get(&self, key: String) -> ::suptree::ProtocolCall<Option<u64>>;
    fn put(&self, key: String, value: u64) -> ::suptree::ProtocolCast;
}
const _: () = {
    impl KeyValueClient {
        /// The value of a key.
        pub fn get<A: ::suptree::IntoArg<String>>(
            &self,
            key: A,
        ) -> ::suptree::ProtocolCall<Option<u64>> {
            ::suptree::__private::ProtocolLink::call(
                &self.to,
                |to| {
                    <dyn __KeyValue as __KeyValue>::get(
                        to,
                        ::suptree::IntoArg::into_arg(key),
                    )
                },
            )
        }
        /// Casts to the server.
        pub fn put<A: ::suptree::IntoArg<String>>(
            &self,
            key: A,
            value: u64,
        ) -> ::suptree::ProtocolCast {
            ::suptree::__private::ProtocolLink::cast(
                &self.to,
                |to| {
                    <dyn __KeyValue as __KeyValue>::put(
                        to,
                        ::suptree::IntoArg::into_arg(key),
                        value,
                    )
                },
            )
        }
        /// A client of this value instead of a server: for tests. It is asked in turn, where it is asked.
        #[must_use]
        pub fn stand_in<M>(mock: M) -> Self
        where
            M: KeyValue + ::core::marker::Send + 'static,
        {
            let mock = ::suptree::__private::StandIn::new(mock);
            Self {
                to: ::suptree::__private::ProtocolLink::to(
                    ::suptree::__private::Arc::new(mock),
                ),
            }
        }
        /// A client of these functions instead of a server, one for each method: for tests. They are asked in turn,
        /// where they are asked.
        #[must_use]
        pub fn from_fn<
            F: ::core::ops::FnMut(String) -> Option<u64> + ::core::marker::Send
                + 'static,
            F2: ::core::ops::FnMut(String, u64) + ::core::marker::Send + 'static,
        >(get: F, put: F2) -> Self {
            let functions = Functions {
                get: ::suptree::__private::Box::new(get),
                put: ::suptree::__private::Box::new(put),
            };
            let mock = ::suptree::__private::ByFunctions(
                ::suptree::__private::StandIn::new(functions),
            );
            Self {
                to: ::suptree::__private::ProtocolLink::to(
                    ::suptree::__private::Arc::new(mock),
                ),
            }
        }
        /// One that this server answers.
        #[doc(hidden)]
        #[must_use]
        pub fn of_server<S>(self, server: <S as ::suptree::GenServer>::Client) -> Self
        where
            S: ::suptree::GenServer,
            S: ::suptree::__private::HasCall<words::get, (String,), Option<u64>>,
            S: ::suptree::__private::HasCast<words::put, (String, u64)>,
        {
            let server = ::suptree::__private::Speaker::<S>(server);
            let server = ::suptree::__private::Arc::new(server);
            Self {
                to: ::suptree::__private::ProtocolLink::instead(self.to, server),
            }
        }
        /// A client of nobody yet. Who is filled in later, all its clones ask.
        #[must_use]
        pub fn vacant() -> Self {
            Self {
                to: ::suptree::__private::ProtocolLink::vacant(),
            }
        }
        /// Has all clones of this vacant client ask whom `with` asks now. `false`: that is nobody, or this client
        /// was not vacant.
        pub fn fill<C>(&self, with: C) -> ::core::primitive::bool
        where
            C: ::core::convert::Into<Self>,
        {
            let with: Self = ::core::convert::Into::into(with);
            ::suptree::__private::ProtocolLink::fill(&self.to, &with.to)
        }
    }
    /// The names of the methods, for errors.
    mod words {
        pub(super) struct get;
        pub(super) struct put;
    }
    impl ::suptree::__private::Named for words::get {
        type Word = ::suptree::__private::Word<{ ::suptree::__private::word("get") }>;
    }
    impl ::suptree::__private::Named for words::put {
        type Word = ::suptree::__private::Word<{ ::suptree::__private::word("put") }>;
    }
    impl<S> __KeyValue for ::suptree::__private::Speaker<S>
    where
        S: ::suptree::GenServer,
        S: ::suptree::__private::HasCall<words::get, (String,), Option<u64>>,
        S: ::suptree::__private::HasCast<words::put, (String, u64)>,
    {
        fn get(&self, key: String) -> ::suptree::ProtocolCall<Option<u64>> {
            <S as ::suptree::__private::HandlesCall<
                ::suptree::__private::Word<{ ::suptree::__private::word("get") }>,
                (String,),
                Option<u64>,
            >>::call(&self.0, (key,))
        }
        fn put(&self, key: String, value: u64) -> ::suptree::ProtocolCast {
            <S as ::suptree::__private::HandlesCast<
                ::suptree::__private::Word<{ ::suptree::__private::word("put") }>,
                (String, u64),
            >>::cast(&self.0, (key, value))
        }
    }
    impl<M> __KeyValue for ::suptree::__private::StandIn<M>
    where
        M: KeyValue + ::core::marker::Send + 'static,
    {
        fn get(&self, key: String) -> ::suptree::ProtocolCall<Option<u64>> {
            ::suptree::__private::StandIn::call(
                self,
                move |mock| KeyValue::get(mock, key),
            )
        }
        fn put(&self, key: String, value: u64) -> ::suptree::ProtocolCast {
            ::suptree::__private::StandIn::cast(
                self,
                move |mock| KeyValue::put(mock, key, value),
            )
        }
    }
    struct Functions {
        get: ::suptree::__private::Box<
            dyn ::core::ops::FnMut(String) -> Option<u64> + ::core::marker::Send,
        >,
        put: ::suptree::__private::Box<
            dyn ::core::ops::FnMut(String, u64) + ::core::marker::Send,
        >,
    }
    impl __KeyValue for ::suptree::__private::ByFunctions<Functions> {
        fn get(&self, key: String) -> ::suptree::ProtocolCall<Option<u64>> {
            ::suptree::__private::StandIn::call(&self.0, move |mock| (mock.get)(key))
        }
        fn put(&self, key: String, value: u64) -> ::suptree::ProtocolCast {
            ::suptree::__private::StandIn::cast(
                &self.0,
                move |mock| (mock.put)(key, value),
            )
        }
    }
    impl ::suptree::__private::Protocol for dyn KeyValue {
        const METHODS: &'static [::suptree::__private::Asked] = &[
            ("call get/1", "#[call] fn get(&self, key: String) -> Option<u64>"),
            ("cast put/2", "#[cast] fn put(&mut self, key: String, value: u64)"),
        ];
        type Client = KeyValueClient;
        fn nobody() -> Self::Client {
            KeyValueClient {
                to: ::suptree::__private::ProtocolLink::nobody(),
            }
        }
    }
    impl<C> ::core::convert::From<C> for KeyValueClient
    where
        C: ::suptree::__private::ClientOf,
        <C as ::suptree::__private::ClientOf>::Server: ::suptree::__private::Speaks<
            dyn KeyValue,
        >,
    {
        fn from(client: C) -> Self {
            let server = ::suptree::__private::ClientOf::into_server(client);
            <<C as ::suptree::__private::ClientOf>::Server as ::suptree::__private::Speaks<
                dyn KeyValue,
            >>::speak(::core::convert::Into::into(server))
        }
    }
    impl ::core::clone::Clone for KeyValueClient {
        fn clone(&self) -> Self {
            Self {
                to: ::core::clone::Clone::clone(&self.to),
            }
        }
    }
    impl ::core::fmt::Debug for KeyValueClient {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_tuple("KeyValueClient").field(&self.to).finish()
        }
    }
};
