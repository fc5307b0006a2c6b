impl Shop {
    fn stock(&self, item: Item) -> u32 {
        self.stock.of(item)
    }
}
/// The block of `Shop` that is no part: there is one.
#[doc(hidden)]
mod Shop_without_part_a929 {
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
/// Client of a [`Shop`] server: one method per handler.
type ShopClient = __ShopClient::ShopClientOf<Shop>;
/// Public in a private module: how visible `Shop` is, the macro cannot know.
#[doc(hidden)]
mod __ShopClient {
    ::suptree::__private::client_type! {
        ShopClient as ShopClientOf
    }
}
const _: () = {
    type __Orders = ::suptree::__private::Checked<
        Orders,
        {
            ::suptree::__private::asked::<
                <Orders as ::suptree::__private::PartOf<Shop>>::Itself,
            >()
        },
    >;
    impl Shop {
        /// Starts a `Shop` that is linked to the calling process.
        pub fn start_link() -> ::suptree::Start<ShopClient> {
            ::suptree::start_link::<Self>(())
        }
        /// Starts a `Shop` without a link.
        pub fn start() -> ::suptree::Start<ShopClient> {
            ::suptree::start::<Self>(())
        }
        /// How a supervisor starts, restarts and stops a `Shop`.
        pub fn child_spec() -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<Self>("shop", ())
        }
        #[doc(hidden)]
        #[inline]
        pub fn __args() -> <Self as ::suptree::GenServer>::Args {}
    }
    impl ShopClient {
        /// Calls [`Shop::stock`].
        fn stock(&self, item: Item) -> ::suptree::Call<'_, u32, Shop, ShopStockCall> {
            ::suptree::ServerRef::call(self, ShopStockCall { item })
        }
    }
    /// The call [`Shop::stock`].
    struct ShopStockCall {
        item: Item,
    }
    impl ::suptree::Request<Shop> for ShopStockCall
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        const MODE: ::suptree::__private::Mode = ::suptree::__private::Mode::Sync;
        fn handle(
            self,
            server: &mut Shop,
            _cx: &mut ::suptree::Context<Shop>,
        ) -> Self::Reply {
            Shop::stock(server, self.item)
        }
    }
    impl ::suptree::RequestMessage<Shop> for ShopStockCall
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = u32;
        type Args = Item;
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            0,
        );
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> ShopCall {
            ShopCall::Stock(self, reply)
        }
        fn take_back(call: ShopCall) -> ::core::option::Option<Self::Args> {
            let ShopCall::Stock(request, _) = call else {
                return ::core::option::Option::None;
            };
            ::core::option::Option::Some(request.item)
        }
    }
    /// The calls of a [`Shop`].
    pub enum ShopCall {
        Stock(ShopStockCall, ::suptree::ReplyTo<u32>),
        Orders(<Shop as ::suptree::__private::Part<__Orders>>::Call),
    }
    /// The casts of a [`Shop`].
    pub enum ShopCast {
        Orders(<Shop as ::suptree::__private::Part<__Orders>>::Cast),
    }
    /// The infos of a [`Shop`].
    pub enum ShopInfo {
        Orders(<Shop as ::suptree::__private::Part<__Orders>>::Info),
    }
    impl ::suptree::__private::Dispatch<Shop> for ShopCall
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Shop,
            cx: &mut ::suptree::Context<Shop>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                ShopCall::Stock(request, reply) => {
                    ::suptree::Request::answer(request, server, reply, cx)
                }
                ShopCall::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::handle_now(part, server, cx)
                }
            }
        }
        fn waits(&self) -> ::core::primitive::bool {
            match self {
                ShopCall::Stock(..) => false,
                ShopCall::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::waits(part)
                }
            }
        }
        fn blocks(&self) -> ::core::primitive::bool {
            match self {
                ShopCall::Stock(..) => false,
                ShopCall::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::blocks(part)
                }
            }
        }
        async fn handle<__Carry: ::suptree::__private::Carry>(
            self,
            server: &mut Shop,
            cx: &mut ::suptree::Context<Shop>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                ShopCall::Orders(part) => {
                    ::suptree::__private::Dispatch::<
                        Shop,
                    >::handle::<__Carry>(part, server, cx)
                        .await
                }
                _ => ::core::result::Result::Ok(()),
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                ShopCall::Stock(..) => ::suptree::__private::listed(0),
                ShopCall::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::handler(part)
                }
            }
        }
    }
    impl ::suptree::__private::Dispatch<Shop> for ShopCast
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Shop,
            cx: &mut ::suptree::Context<Shop>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                ShopCast::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::handle_now(part, server, cx)
                }
            }
        }
        fn waits(&self) -> ::core::primitive::bool {
            match self {
                ShopCast::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::waits(part)
                }
            }
        }
        fn blocks(&self) -> ::core::primitive::bool {
            match self {
                ShopCast::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::blocks(part)
                }
            }
        }
        async fn handle<__Carry: ::suptree::__private::Carry>(
            self,
            server: &mut Shop,
            cx: &mut ::suptree::Context<Shop>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                ShopCast::Orders(part) => {
                    ::suptree::__private::Dispatch::<
                        Shop,
                    >::handle::<__Carry>(part, server, cx)
                        .await
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                ShopCast::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::handler(part)
                }
            }
        }
    }
    impl ::suptree::__private::Dispatch<Shop> for ShopInfo
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Shop,
            cx: &mut ::suptree::Context<Shop>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                ShopInfo::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::handle_now(part, server, cx)
                }
            }
        }
        fn waits(&self) -> ::core::primitive::bool {
            match self {
                ShopInfo::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::waits(part)
                }
            }
        }
        fn blocks(&self) -> ::core::primitive::bool {
            match self {
                ShopInfo::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::blocks(part)
                }
            }
        }
        async fn handle<__Carry: ::suptree::__private::Carry>(
            self,
            server: &mut Shop,
            cx: &mut ::suptree::Context<Shop>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                ShopInfo::Orders(part) => {
                    ::suptree::__private::Dispatch::<
                        Shop,
                    >::handle::<__Carry>(part, server, cx)
                        .await
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                ShopInfo::Orders(part) => {
                    ::suptree::__private::Dispatch::<Shop>::handler(part)
                }
            }
        }
    }
    type __Server = Shop;
    impl ::suptree::ServerState<'_> for Shop {}
    impl ::suptree::GenServer for __Server
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Args = ();
        type Call = ShopCall;
        type Cast = ShopCast;
        type Info = ShopInfo;
        type Client = ShopClient;
        const HANDLERS: &'static [::suptree::__private::Handler] = &[
            ::suptree::__private::Handler::at(
                "stock",
                ::core::panic::Location::caller(),
            ),
            ::suptree::__private::Handler::part(
                <Shop as ::suptree::__private::Part<__Orders>>::HANDLERS,
            ),
        ];
        const WAITS: ::core::primitive::bool = ::suptree::__private::any(
            &[false, <Shop as ::suptree::__private::Part<__Orders>>::WAITS],
        );
        const HEARS: ::suptree::__private::Hears = ::suptree::__private::Hears::NOTHING;
        async fn init(
            _args: Self::Args,
            _cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<Self, ::suptree::ExitReason> {
            ::core::result::Result::Ok(
                <Shop as ::suptree::__private::InitialState>::initial_state(),
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
        const BLOCKS: ::core::primitive::bool = ::suptree::__private::any(
            &[false, <Shop as ::suptree::__private::Part<__Orders>>::BLOCKS],
        );
        fn message_blocks(
            message: &::suptree::__private::Message<Self>,
        ) -> ::core::primitive::bool {
            ::suptree::__private::message_blocks(message)
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
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Given = ::suptree::Cloned;
    }
    impl ::suptree::__private::HasPart<__Orders> for Shop
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        const BEGIN: ::core::primitive::u32 = ::suptree::__private::after(1, &[]);
        fn call(
            message: <Shop as ::suptree::__private::Part<__Orders>>::Call,
        ) -> <Shop as ::suptree::GenServer>::Call {
            ShopCall::Orders(message)
        }
        fn call_back(
            message: <Shop as ::suptree::GenServer>::Call,
        ) -> ::core::option::Option<
            <Shop as ::suptree::__private::Part<__Orders>>::Call,
        > {
            match message {
                ShopCall::Orders(message) => ::core::option::Option::Some(message),
                _ => ::core::option::Option::None,
            }
        }
        fn cast(
            message: <Shop as ::suptree::__private::Part<__Orders>>::Cast,
        ) -> <Shop as ::suptree::GenServer>::Cast {
            ShopCast::Orders(message)
        }
        fn cast_back(
            message: <Shop as ::suptree::GenServer>::Cast,
        ) -> ::core::option::Option<
            <Shop as ::suptree::__private::Part<__Orders>>::Cast,
        > {
            match message {
                ShopCast::Orders(message) => ::core::option::Option::Some(message),
                _ => ::core::option::Option::None,
            }
        }
        fn info(
            message: <Shop as ::suptree::__private::Part<__Orders>>::Info,
        ) -> <Shop as ::suptree::GenServer>::Info {
            ShopInfo::Orders(message)
        }
        fn info_back(
            message: <Shop as ::suptree::GenServer>::Info,
        ) -> ::core::option::Option<
            <Shop as ::suptree::__private::Part<__Orders>>::Info,
        > {
            match message {
                ShopInfo::Orders(message) => ::core::option::Option::Some(message),
                _ => ::core::option::Option::None,
            }
        }
    }
    const _: fn() = <Item as ::suptree::__private::MessagePart>::travels;
};
