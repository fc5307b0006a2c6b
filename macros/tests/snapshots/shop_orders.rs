impl Shop {
    async fn order(&mut self, item: Item) -> Result<OrderId, OutOfStock> {
        self.book(item).await
    }
    fn cancel(&mut self, id: OrderId) {
        self.orders.remove(&id);
    }
}
/// A part of a [`Shop`] server.
#[non_exhaustive]
enum Orders {}
const _: () = {
    use ::suptree::__private::NoPart as _;
    impl ShopClient {
        /// Calls [`Shop::order`].
        fn order(
            &self,
            item: Item,
        ) -> ::suptree::Call<
            '_,
            Result<OrderId, OutOfStock>,
            Shop,
            ShopOrdersOrderCall,
        > {
            ::suptree::ServerRef::call(self, ShopOrdersOrderCall { item })
        }
        /// Casts to [`Shop::cancel`].
        fn cancel(&self, id: OrderId) -> ::suptree::Cast<'_, Shop, OrderId> {
            ::suptree::__private::send(
                self,
                id,
                &::suptree::__private::Way {
                    make: |id| ::suptree::__private::Message::Cast(
                        ::suptree::__private::InServer::<
                            Shop,
                            Orders,
                        >::cast(ShopOrdersCast::Cancel { id }),
                    ),
                    back: |message| match message {
                        ::suptree::__private::Message::Cast(message) => {
                            match ::suptree::__private::InServer::<
                                Shop,
                                Orders,
                            >::cast_back(message) {
                                ::core::option::Option::Some(
                                    ShopOrdersCast::Cancel { id },
                                ) => ::core::option::Option::Some(id),
                                _ => ::core::option::Option::None,
                            }
                        }
                        _ => ::core::option::Option::None,
                    },
                },
            )
        }
    }
    /// The call [`Shop::order`].
    struct ShopOrdersOrderCall {
        item: Item,
    }
    impl ::suptree::Request<Shop> for ShopOrdersOrderCall
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        const MODE: ::suptree::__private::Mode = ::suptree::__private::Mode::Async;
        fn handle_async(
            self,
            server: &mut Shop,
            _cx: &mut ::suptree::Context<Shop>,
        ) -> impl ::core::future::Future<Output = Self::Reply> + ::core::marker::Send {
            Shop::order(server, self.item)
        }
    }
    impl ::suptree::RequestMessage<Shop> for ShopOrdersOrderCall
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = Result<OrderId, OutOfStock>;
        type Args = Item;
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            ::suptree::__private::in_part(
                ::suptree::__private::InServer::<Shop, Orders>::BEGIN,
                0,
            ),
        );
        fn into_call(
            self,
            reply: ::suptree::ReplyTo<Self::Reply>,
        ) -> <Shop as ::suptree::GenServer>::Call {
            ::suptree::__private::InServer::<
                Shop,
                Orders,
            >::call(ShopOrdersCall::Order(self, reply))
        }
        fn take_back(
            call: <Shop as ::suptree::GenServer>::Call,
        ) -> ::core::option::Option<Self::Args> {
            let ::core::option::Option::Some(ShopOrdersCall::Order(request, _)) = ::suptree::__private::InServer::<
                Shop,
                Orders,
            >::call_back(call) else {
                return ::core::option::Option::None;
            };
            ::core::option::Option::Some(request.item)
        }
        fn describe(&self) -> ::suptree::__private::Described<'_> {
            ::suptree::__private::Described::new("order")
                .arg(::suptree::__private::debug_of!(& self.item))
        }
    }
    /// The calls of a [`Shop`].
    pub enum ShopOrdersCall {
        Order(ShopOrdersOrderCall, ::suptree::ReplyTo<Result<OrderId, OutOfStock>>),
    }
    /// The casts of a [`Shop`].
    pub enum ShopOrdersCast {
        Cancel { id: OrderId },
    }
    impl ::suptree::__private::Dispatch<Shop> for ShopOrdersCall
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn waits(&self) -> ::core::primitive::bool {
            true
        }
        async fn handle<__Carry: ::suptree::__private::Carry>(
            self,
            server: &mut Shop,
            cx: &mut ::suptree::Context<Shop>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                ShopOrdersCall::Order(request, reply) => {
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
                ShopOrdersCall::Order(..) => {
                    ::suptree::__private::listed(
                        ::suptree::__private::in_part(
                            ::suptree::__private::InServer::<Shop, Orders>::BEGIN,
                            0,
                        ),
                    )
                }
            }
        }
        fn describe(&self) -> ::suptree::__private::Described<'_> {
            match self {
                ShopOrdersCall::Order(request, _) => {
                    ::suptree::RequestMessage::describe(request)
                }
            }
        }
        const NAMED: () = ::suptree::__private::require_part::<Shop, Orders>();
    }
    impl ::suptree::__private::Dispatch<Shop> for ShopOrdersCast
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Shop,
            _cx: &mut ::suptree::Context<Shop>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                ShopOrdersCast::Cancel { id } => {
                    ::suptree::__private::Outcome::into_result(Shop::cancel(server, id))
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                ShopOrdersCast::Cancel { .. } => {
                    ::suptree::__private::listed(
                        ::suptree::__private::in_part(
                            ::suptree::__private::InServer::<Shop, Orders>::BEGIN,
                            1,
                        ),
                    )
                }
            }
        }
        fn describe(&self) -> ::suptree::__private::Described<'_> {
            match self {
                ShopOrdersCast::Cancel { id } => {
                    ::suptree::__private::Described::new("cancel")
                        .arg(::suptree::__private::debug_of!(id))
                }
            }
        }
    }
    impl ::suptree::__private::HandlesCall<
        ::suptree::__private::Word<{ ::suptree::__private::word("order") }>,
        (Item,),
        Result<OrderId, OutOfStock>,
    > for Shop
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        #[inline]
        fn call(
            client: &Self::Client,
            (item,): (Item,),
        ) -> ::suptree::ProtocolCall<Result<OrderId, OutOfStock>> {
            ::suptree::__private::protocol_call(<ShopClient>::order(client, item))
        }
    }
    impl ::suptree::__private::HandlesCast<
        ::suptree::__private::Word<{ ::suptree::__private::word("cancel") }>,
        (OrderId,),
    > for Shop
    where
        Shop: for<'__any> ::suptree::ServerState<'__any>,
    {
        #[inline]
        fn cast(client: &Self::Client, (id,): (OrderId,)) -> ::suptree::ProtocolCast {
            ::suptree::__private::protocol_cast(<ShopClient>::cancel(client, id))
        }
    }
    impl ::suptree::__private::Part<Orders> for Shop {
        type Call = ShopOrdersCall;
        type Cast = ShopOrdersCast;
        type Info = ::suptree::NoMessage;
        const HANDLERS: &'static [::suptree::__private::Handler] = &[
            ::suptree::__private::Handler::at(
                "order",
                ::core::panic::Location::caller(),
            ),
            ::suptree::__private::Handler::at(
                "cancel",
                ::core::panic::Location::caller(),
            ),
        ];
        const WAITS: ::core::primitive::bool = true;
        const BLOCKS: ::core::primitive::bool = false;
    }
    const _: fn() = <Item as ::suptree::__private::MessagePart>::travels;
    const _: fn() = <Result<
        OrderId,
        OutOfStock,
    > as ::suptree::__private::MessagePart>::travels;
    const _: fn() = <OrderId as ::suptree::__private::MessagePart>::travels;
};
