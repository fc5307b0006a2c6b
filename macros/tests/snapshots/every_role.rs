/// Keeps things.
impl<T: Clone + Debug, const N: usize> Store<T, N> {
    async fn open(path: PathBuf, cx: &mut Context<Self>) -> Result<Self, OpenError> {
        ..
    }
    /// Looks a thing up.
    pub fn get(&self, key: u64) -> Option<T> {
        ..
    }
    /// Answers later.
    #[cfg(feature = "slow")]
    #[deprecated = "use `get`"]
    pub async fn find(
        &mut self,
        (from, to): (u64, u64),
        reply: ReplyTo<Vec<T>>,
    ) -> Result<(), FindError> {
        ..
    }
    /// Waits for its reply.
    async fn load(&mut self, key: u64, cx: &mut Context<Self>) -> Option<T> {
        ..
    }
    fn fetch(&mut self, key: u64) -> impl Future<Output = Option<T>> + use<T, N> {
        ..
    }
    fn pack(&mut self, level: u8) -> usize {
        ..
    }
    fn write_out(&mut self) -> Result<(), FlushError> {
        ..
    }
    fn put(&mut self, r#type: Kind, value: T) -> io::Result<()> {
        ..
    }
    fn tick(&mut self, _: Tick, cx: &mut Context<Self>) {
        ..
    }
    fn sweep(&mut self, cx: &mut Context<Self>) {
        ..
    }
    fn flush(&mut self) {
        ..
    }
    /// Goes on with what there is.
    async fn go_on(&mut self, from: String, cx: &mut Context<Self>) -> io::Result<()> {
        ..
    }
    fn exited(&mut self, from: Pid, reason: ExitReason) {
        ..
    }
    fn idle(&mut self, cx: &mut Context<Self>) {
        ..
    }
    fn shrink(&mut self) {
        ..
    }
    async fn gone(&mut self, down: Down, cx: &mut Context<Self>) -> io::Result<()> {
        ..
    }
    async fn close(&mut self, reason: &ExitReason) {
        ..
    }
    fn without_values(&self, status: &mut FormatStatus) {
        ..
    }
    fn plain(&self) {}
}
/// The block of `Store` that is no part: there is one.
#[doc(hidden)]
mod Store_without_part_39b0 {
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
/// Client of a [`Store`] server: one method per handler.
///
/// The handlers are [`get`](Store::get). It has the methods of a [`ServerRef`](suptree::ServerRef), too.
pub type StoreClient<T, const N: usize> = __StoreClient::StoreClientOf<Store<T, N>>;
/// Public in a private module: how visible `Store` is, the macro cannot know.
#[doc(hidden)]
mod __StoreClient {
    ::suptree::__private::client_type! {
        StoreClient as StoreClientOf
    }
    ::suptree::__private::then_type! {
        StoreThen, StoreClientOf
    }
    ::suptree::__private::attach_type! {
        StoreAttach, StoreClientOf
    }
}
#[allow(deprecated)]
const _: () = {
    impl<T: Clone + Debug, const N: usize> Store<T, N>
    where
        T: ::core::marker::Send + 'static,
    {
        /// Starts a `Store` that is linked to the calling process.
        pub fn start_link<A: ::suptree::IntoArg<PathBuf>>(
            path: A,
        ) -> ::suptree::Start<StoreClient<T, N>> {
            ::suptree::start_link::<Self>(::suptree::IntoArg::into_arg(path))
        }
        /// Starts a `Store` without a link.
        pub fn start<A: ::suptree::IntoArg<PathBuf>>(
            path: A,
        ) -> ::suptree::Start<StoreClient<T, N>> {
            ::suptree::start::<Self>(::suptree::IntoArg::into_arg(path))
        }
        /// How a supervisor starts, restarts and stops a `Store`.
        pub fn child_spec<A: ::suptree::IntoArg<PathBuf>>(
            path: A,
        ) -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<
                Self,
            >("store", ::suptree::IntoArg::into_arg(path))
        }
        #[doc(hidden)]
        #[inline]
        pub fn __args<A: ::suptree::IntoArg<PathBuf>>(
            path: A,
        ) -> <Self as ::suptree::GenServer>::Args {
            ::suptree::IntoArg::into_arg(path)
        }
    }
    impl<T: Clone + Debug, const N: usize> StoreClient<T, N>
    where
        T: ::core::marker::Send + 'static,
        Kind: for<'__any> ::suptree::TakenAlong<'__any, Store<T, N>, (), 0>,
        Tick: for<'__any> ::suptree::TakenAlong<'__any, Store<T, N>, (), 1>,
    {
        /// Looks a thing up.
        ///
        #[cfg_attr(doc, doc = " Handled by `Store::get`.")]
        #[cfg_attr(not(doc), doc = " Handled by [`Store::get`].")]
        pub fn get(
            &self,
            key: u64,
        ) -> ::suptree::Call<'_, Option<T>, Store<T, N>, StoreGetCall<T, N>> {
            ::suptree::ServerRef::call(
                self,
                StoreGetCall {
                    key,
                    __server: ::core::marker::PhantomData,
                },
            )
        }
        /// Answers later.
        ///
        #[cfg_attr(doc, doc = " Handled by `Store::find`.")]
        #[cfg_attr(not(doc), doc = " Handled by [`Store::find`].")]
        #[cfg(feature = "slow")]
        #[deprecated = "use `get`"]
        pub fn find(
            &self,
            arg: (u64, u64),
        ) -> ::suptree::Call<'_, Vec<T>, Store<T, N>, StoreFindCall<T, N>> {
            ::suptree::ServerRef::call(
                self,
                StoreFindCall {
                    arg,
                    __server: ::core::marker::PhantomData,
                },
            )
        }
        /// Waits for its reply.
        ///
        /// Handled by [`Store::load`].
        fn load(
            &self,
            key: u64,
        ) -> ::suptree::Call<'_, Option<T>, Store<T, N>, StoreLoadCall<T, N>> {
            ::suptree::ServerRef::call(
                self,
                StoreLoadCall {
                    key,
                    __server: ::core::marker::PhantomData,
                },
            )
        }
        /// Calls [`Store::fetch`].
        fn fetch(
            &self,
            key: u64,
        ) -> ::suptree::Call<'_, Option<T>, Store<T, N>, StoreFetchCall<T, N>> {
            ::suptree::ServerRef::call(
                self,
                StoreFetchCall {
                    key,
                    __server: ::core::marker::PhantomData,
                },
            )
        }
        /// Calls [`Store::pack`].
        fn pack(
            &self,
            level: u8,
        ) -> ::suptree::Call<'_, usize, Store<T, N>, StorePackCall<T, N>> {
            ::suptree::ServerRef::call(
                self,
                StorePackCall {
                    level,
                    __server: ::core::marker::PhantomData,
                },
            )
        }
        /// Casts to [`Store::write_out`].
        fn write_out(&self) -> ::suptree::Cast<'_, Store<T, N>, ()> {
            ::suptree::__private::send(
                self,
                (),
                &::suptree::__private::Way {
                    make: |()| ::suptree::__private::Message::Cast(StoreCast::WriteOut),
                    back: |message| match message {
                        ::suptree::__private::Message::Cast(StoreCast::WriteOut) => {
                            ::core::option::Option::Some(())
                        }
                        _ => ::core::option::Option::None,
                    },
                },
            )
        }
        /// Casts to [`Store::put`].
        fn put(
            &self,
            r#type: Kind,
            value: T,
        ) -> ::suptree::Cast<'_, Store<T, N>, (Kind, T)> {
            ::suptree::__private::send(
                self,
                (r#type, value),
                &::suptree::__private::Way {
                    make: |(r#type, value)| ::suptree::__private::Message::Cast(StoreCast::Put {
                        r#type,
                        value,
                    }),
                    back: |message| match message {
                        ::suptree::__private::Message::Cast(
                            StoreCast::Put { r#type, value },
                        ) => ::core::option::Option::Some((r#type, value)),
                        _ => ::core::option::Option::None,
                    },
                },
            )
        }
        /// Sends the message that [`Store::tick`] handles.
        fn tick(&self, arg: Tick) -> ::suptree::Cast<'_, Store<T, N>, Tick> {
            ::suptree::__private::send(
                self,
                arg,
                &::suptree::__private::Way {
                    make: |arg| ::suptree::__private::Message::Info(StoreInfo::Tick {
                        arg,
                    }),
                    back: |message| match message {
                        ::suptree::__private::Message::Info(StoreInfo::Tick { arg }) => {
                            ::core::option::Option::Some(arg)
                        }
                        _ => ::core::option::Option::None,
                    },
                },
            )
        }
    }
    impl<T: Clone + Debug, const N: usize> __StoreClient::StoreThen<'_, Store<T, N>>
    where
        T: ::core::marker::Send + 'static,
    {
        /// Goes on with what there is.
        ///
        /// Handled by [`Store::go_on`].
        fn go_on<A: ::suptree::IntoArg<String>>(self, from: A) {
            self.__with(StoreInfo::GoOn {
                from: ::suptree::IntoArg::into_arg(from),
            })
        }
    }
    impl<
        T: Clone + Debug,
        const N: usize,
        Items: ::suptree::Stream + ::core::marker::Send + 'static,
    > __StoreClient::StoreAttach<'_, Store<T, N>, Items>
    where
        T: ::core::marker::Send + 'static,
    {
        /// Each item is handled by [`Store::tick`].
        fn tick(self) -> ::suptree::Attached
        where
            Items: ::suptree::Stream<Item = Tick>,
        {
            self.__with(|arg| StoreInfo::Tick { arg })
        }
    }
    /// The call [`Store::get`].
    pub struct StoreGetCall<T: Clone + Debug, const N: usize>
    where
        T: 'static,
    {
        key: u64,
        __server: ::core::marker::PhantomData<fn() -> Store<T, N>>,
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::Request<Store<T, N>>
    for StoreGetCall<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {
        const MODE: ::suptree::__private::Mode = ::suptree::__private::Mode::Sync;
        fn handle(
            self,
            server: &mut Store<T, N>,
            _cx: &mut ::suptree::Context<Store<T, N>>,
        ) -> Self::Reply {
            <Store<T, N>>::get(server, self.key)
        }
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::RequestMessage<Store<T, N>>
    for StoreGetCall<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = Option<T>;
        type Args = u64;
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            0,
        );
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> StoreCall<T, N> {
            StoreCall::Get(self, reply)
        }
        fn take_back(call: StoreCall<T, N>) -> ::core::option::Option<Self::Args> {
            let StoreCall::Get(request, _) = call else {
                return ::core::option::Option::None;
            };
            ::core::option::Option::Some(request.key)
        }
        fn describe(&self) -> ::suptree::__private::Described<'_> {
            ::suptree::__private::Described::new("get")
                .arg(::suptree::__private::debug_of!(& self.key))
        }
    }
    #[cfg(feature = "slow")]
    /// The call [`Store::find`].
    pub struct StoreFindCall<T: Clone + Debug, const N: usize>
    where
        T: 'static,
    {
        arg: (u64, u64),
        __server: ::core::marker::PhantomData<fn() -> Store<T, N>>,
    }
    #[cfg(feature = "slow")]
    impl<T: Clone + Debug, const N: usize> ::suptree::Request<Store<T, N>>
    for StoreFindCall<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {}
    #[cfg(feature = "slow")]
    impl<T: Clone + Debug, const N: usize> ::suptree::RequestMessage<Store<T, N>>
    for StoreFindCall<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = Vec<T>;
        type Args = (u64, u64);
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            1,
        );
        const TIMEOUT: ::core::option::Option<::core::time::Duration> = ::core::option::Option::None;
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> StoreCall<T, N> {
            StoreCall::Find(self, reply)
        }
        fn take_back(call: StoreCall<T, N>) -> ::core::option::Option<Self::Args> {
            let StoreCall::Find(request, _) = call else {
                return ::core::option::Option::None;
            };
            ::core::option::Option::Some(request.arg)
        }
        fn describe(&self) -> ::suptree::__private::Described<'_> {
            ::suptree::__private::Described::new("find")
                .arg(::suptree::__private::debug_of!(& self.arg))
        }
    }
    /// The call [`Store::load`].
    struct StoreLoadCall<T: Clone + Debug, const N: usize>
    where
        T: 'static,
    {
        key: u64,
        __server: ::core::marker::PhantomData<fn() -> Store<T, N>>,
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::Request<Store<T, N>>
    for StoreLoadCall<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {
        const MODE: ::suptree::__private::Mode = ::suptree::__private::Mode::Async;
        fn handle_async(
            self,
            server: &mut Store<T, N>,
            cx: &mut ::suptree::Context<Store<T, N>>,
        ) -> impl ::core::future::Future<Output = Self::Reply> + ::core::marker::Send {
            <Store<T, N>>::load(server, self.key, cx)
        }
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::RequestMessage<Store<T, N>>
    for StoreLoadCall<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = Option<T>;
        type Args = u64;
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            2,
        );
        const TIMEOUT: ::core::option::Option<::core::time::Duration> = ::core::option::Option::Some(
            ::core::time::Duration::from_secs(30),
        );
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> StoreCall<T, N> {
            StoreCall::Load(self, reply)
        }
        fn take_back(call: StoreCall<T, N>) -> ::core::option::Option<Self::Args> {
            let StoreCall::Load(request, _) = call else {
                return ::core::option::Option::None;
            };
            ::core::option::Option::Some(request.key)
        }
        fn describe(&self) -> ::suptree::__private::Described<'_> {
            ::suptree::__private::Described::new("load")
                .arg(::suptree::__private::debug_of!(& self.key))
        }
    }
    /// The call [`Store::fetch`].
    struct StoreFetchCall<T: Clone + Debug, const N: usize>
    where
        T: 'static,
    {
        key: u64,
        __server: ::core::marker::PhantomData<fn() -> Store<T, N>>,
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::Request<Store<T, N>>
    for StoreFetchCall<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {}
    impl<T: Clone + Debug, const N: usize> ::suptree::RequestMessage<Store<T, N>>
    for StoreFetchCall<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = Option<T>;
        type Args = u64;
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            3,
        );
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> StoreCall<T, N> {
            StoreCall::Fetch(self, reply)
        }
        fn take_back(call: StoreCall<T, N>) -> ::core::option::Option<Self::Args> {
            let StoreCall::Fetch(request, _) = call else {
                return ::core::option::Option::None;
            };
            ::core::option::Option::Some(request.key)
        }
        fn describe(&self) -> ::suptree::__private::Described<'_> {
            ::suptree::__private::Described::new("fetch")
                .arg(::suptree::__private::debug_of!(& self.key))
        }
    }
    /// The call [`Store::pack`].
    struct StorePackCall<T: Clone + Debug, const N: usize>
    where
        T: 'static,
    {
        level: u8,
        __server: ::core::marker::PhantomData<fn() -> Store<T, N>>,
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::Request<Store<T, N>>
    for StorePackCall<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {
        const MODE: ::suptree::__private::Mode = ::suptree::__private::Mode::Message;
        fn handle(
            self,
            server: &mut Store<T, N>,
            _cx: &mut ::suptree::Context<Store<T, N>>,
        ) -> Self::Reply {
            <Store<T, N>>::pack(server, self.level)
        }
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::RequestMessage<Store<T, N>>
    for StorePackCall<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = usize;
        type Args = u8;
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            4,
        );
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> StoreCall<T, N> {
            StoreCall::Pack(self, reply)
        }
        fn take_back(call: StoreCall<T, N>) -> ::core::option::Option<Self::Args> {
            let StoreCall::Pack(request, _) = call else {
                return ::core::option::Option::None;
            };
            ::core::option::Option::Some(request.level)
        }
        fn describe(&self) -> ::suptree::__private::Described<'_> {
            ::suptree::__private::Described::new("pack")
                .arg(::suptree::__private::debug_of!(& self.level))
        }
    }
    /// The calls of a [`Store`].
    pub enum StoreCall<T: Clone + Debug, const N: usize>
    where
        T: 'static,
    {
        Get(StoreGetCall<T, N>, ::suptree::ReplyTo<Option<T>>),
        #[cfg(feature = "slow")]
        Find(StoreFindCall<T, N>, ::suptree::ReplyTo<Vec<T>>),
        Load(StoreLoadCall<T, N>, ::suptree::ReplyTo<Option<T>>),
        Fetch(StoreFetchCall<T, N>, ::suptree::ReplyTo<Option<T>>),
        Pack(StorePackCall<T, N>, ::suptree::ReplyTo<usize>),
    }
    /// The casts of a [`Store`].
    pub enum StoreCast<T: Clone + Debug, const N: usize>
    where
        T: 'static,
    {
        WriteOut,
        Put { r#type: Kind, value: T },
    }
    /// The infos of a [`Store`].
    pub enum StoreInfo<T: Clone + Debug, const N: usize>
    where
        T: 'static,
    {
        Tick { arg: Tick },
        Sweep,
        Flush,
        GoOn { from: String },
        __Never(::suptree::__private::Never<Store<T, N>>),
    }
    #[automatically_derived]
    impl<T: Clone + Debug, const N: usize> ::core::convert::From<Tick>
    for StoreInfo<T, N>
    where
        T: 'static,
    {
        fn from(arg: Tick) -> Self {
            Self::Tick { arg }
        }
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::__private::Dispatch<Store<T, N>>
    for StoreCall<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Store<T, N>,
            cx: &mut ::suptree::Context<Store<T, N>>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                StoreCall::Get(request, reply) => {
                    ::suptree::Request::answer(request, server, reply, cx)
                }
                StoreCall::Fetch(request, reply) => {
                    let future = <Store<T, N>>::fetch(server, request.key);
                    ::suptree::__private::answer_by_task(cx, reply, future)
                }
                StoreCall::Pack(request, reply) => {
                    ::suptree::Request::answer(request, server, reply, cx)
                }
                _ => ::core::result::Result::Ok(()),
            }
        }
        fn waits(&self) -> ::core::primitive::bool {
            match self {
                StoreCall::Get { .. } => false,
                StoreCall::Fetch { .. } => false,
                _ => true,
            }
        }
        fn blocks(&self) -> ::core::primitive::bool {
            match self {
                StoreCall::Get { .. } => false,
                StoreCall::Fetch { .. } => false,
                #[cfg(feature = "slow")]
                StoreCall::Find { .. } => false,
                StoreCall::Load { .. } => false,
                _ => true,
            }
        }
        async fn handle<__Carry: ::suptree::__private::Carry>(
            self,
            server: &mut Store<T, N>,
            cx: &mut ::suptree::Context<Store<T, N>>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                #[cfg(feature = "slow")]
                StoreCall::Find(request, reply) => {
                    ::suptree::__private::Outcome::into_result(
                        __Carry::begin(
                                ::suptree::__private::HandlerFuture::of(
                                        <Store<T, N>>::find(server, request.arg, reply),
                                    )
                                    .send(),
                            )
                            .await,
                    )
                }
                StoreCall::Load(request, reply) => {
                    let answer = __Carry::begin(
                            ::suptree::Request::handle_async(request, server, cx),
                        )
                        .await;
                    cx.reply(reply, answer);
                    ::core::result::Result::Ok(())
                }
                _ => ::core::result::Result::Ok(()),
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                StoreCall::Get(..) => ::suptree::__private::listed(0),
                #[cfg(feature = "slow")]
                StoreCall::Find(..) => ::suptree::__private::listed(1),
                StoreCall::Load(..) => ::suptree::__private::listed(2),
                StoreCall::Fetch(..) => ::suptree::__private::listed(3),
                StoreCall::Pack(..) => ::suptree::__private::listed(4),
            }
        }
        fn describe(&self) -> ::suptree::__private::Described<'_> {
            match self {
                StoreCall::Get(request, _) => {
                    ::suptree::RequestMessage::describe(request)
                }
                #[cfg(feature = "slow")]
                StoreCall::Find(request, _) => {
                    ::suptree::RequestMessage::describe(request)
                }
                StoreCall::Load(request, _) => {
                    ::suptree::RequestMessage::describe(request)
                }
                StoreCall::Fetch(request, _) => {
                    ::suptree::RequestMessage::describe(request)
                }
                StoreCall::Pack(request, _) => {
                    ::suptree::RequestMessage::describe(request)
                }
            }
        }
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::__private::Dispatch<Store<T, N>>
    for StoreCast<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
        StoreCast<T, N>: for<'__any> ::suptree::TakenAlong<'__any, Store<T, N>, (), 2>,
    {
        fn handle_now(
            self,
            server: &mut Store<T, N>,
            _cx: &mut ::suptree::Context<Store<T, N>>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                StoreCast::WriteOut => {
                    ::suptree::__private::Outcome::into_result(
                        <Store<T, N>>::write_out(server),
                    )
                }
                StoreCast::Put { r#type, value } => {
                    ::suptree::__private::Outcome::into_result(
                        <Store<T, N>>::put(server, r#type, value),
                    )
                }
            }
        }
        fn waits(&self) -> ::core::primitive::bool {
            match self {
                StoreCast::Put { .. } => false,
                _ => true,
            }
        }
        fn blocks(&self) -> ::core::primitive::bool {
            match self {
                StoreCast::Put { .. } => false,
                _ => true,
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                StoreCast::WriteOut => ::suptree::__private::listed(5),
                StoreCast::Put { .. } => ::suptree::__private::listed(6),
            }
        }
        fn describe(&self) -> ::suptree::__private::Described<'_> {
            match self {
                StoreCast::WriteOut => ::suptree::__private::Described::new("write_out"),
                StoreCast::Put { r#type, value } => {
                    ::suptree::__private::Described::new("put")
                        .arg(::suptree::__private::debug_of!(r#type))
                        .arg(::suptree::__private::debug_of!(value))
                }
            }
        }
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::__private::Dispatch<Store<T, N>>
    for StoreInfo<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
        StoreInfo<T, N>: for<'__any> ::suptree::TakenAlong<'__any, Store<T, N>, (), 3>,
    {
        fn handle_now(
            self,
            server: &mut Store<T, N>,
            cx: &mut ::suptree::Context<Store<T, N>>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                StoreInfo::Tick { arg } => {
                    ::suptree::__private::Outcome::into_result(
                        <Store<T, N>>::tick(server, arg, cx),
                    )
                }
                StoreInfo::Sweep => {
                    ::suptree::__private::Outcome::into_result(
                        <Store<T, N>>::sweep(server, cx),
                    )
                }
                StoreInfo::Flush => {
                    ::suptree::__private::Outcome::into_result(
                        <Store<T, N>>::flush(server),
                    )
                }
                _ => ::core::result::Result::Ok(()),
            }
        }
        fn waits(&self) -> ::core::primitive::bool {
            match self {
                StoreInfo::Tick { .. } => false,
                StoreInfo::Sweep { .. } => false,
                StoreInfo::Flush { .. } => false,
                _ => true,
            }
        }
        async fn handle<__Carry: ::suptree::__private::Carry>(
            self,
            server: &mut Store<T, N>,
            cx: &mut ::suptree::Context<Store<T, N>>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                StoreInfo::GoOn { from } => {
                    ::suptree::__private::Outcome::into_result(
                        __Carry::begin(
                                ::suptree::__private::HandlerFuture::of(
                                        <Store<T, N>>::go_on(server, from, cx),
                                    )
                                    .send(),
                            )
                            .await,
                    )
                }
                _ => ::core::result::Result::Ok(()),
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                StoreInfo::Tick { .. } => ::suptree::__private::listed(7),
                StoreInfo::Sweep => ::suptree::__private::listed(8),
                StoreInfo::Flush => ::suptree::__private::listed(9),
                StoreInfo::GoOn { .. } => ::suptree::__private::listed(10),
                StoreInfo::__Never(never) => never.absurd(),
            }
        }
        fn describe(&self) -> ::suptree::__private::Described<'_> {
            match self {
                StoreInfo::Tick { arg } => {
                    ::suptree::__private::Described::new("tick")
                        .arg(::suptree::__private::debug_of!(arg))
                }
                StoreInfo::Sweep => ::suptree::__private::Described::new("sweep"),
                StoreInfo::Flush => ::suptree::__private::Described::new("flush"),
                StoreInfo::GoOn { from } => {
                    ::suptree::__private::Described::new("go_on")
                        .arg(::suptree::__private::debug_of!(from))
                }
                StoreInfo::__Never(never) => never.absurd(),
            }
        }
        const ATTACHES: () = {
            let _ = <__StoreClient::StoreAttach<
                '_,
                Store<T, N>,
                ::suptree::__private::Nothing<Tick>,
            >>::tick;
        };
    }
    type __Server<T, const N: usize> = Store<T, N>;
    impl<T: Clone + Debug, const N: usize> ::suptree::ServerState<'_> for Store<T, N>
    where
        T: ::core::marker::Send + 'static,
    {}
    impl<T: Clone + Debug, const N: usize> ::suptree::GenServer for __Server<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
        StoreCast<T, N>: for<'__any> ::suptree::TakenAlong<'__any, Store<T, N>, (), 2>,
        StoreInfo<T, N>: for<'__any> ::suptree::TakenAlong<'__any, Store<T, N>, (), 3>,
    {
        type Args = PathBuf;
        type Call = StoreCall<T, N>;
        type Cast = StoreCast<T, N>;
        type Info = StoreInfo<T, N>;
        type Client = StoreClient<T, N>;
        const OPTIONS: ::suptree::ServerOptions = ::suptree::ServerOptions::new()
            .shutdown(
                ::suptree::Shutdown::Timeout(::core::time::Duration::from_secs(60)),
            )
            .trap_exit(true)
            .idle(::core::time::Duration::from_secs(30))
            .graceful(true)
            .mailbox(::suptree::Mailbox::Bounded(256))
            .full(::suptree::Full::DropOldest)
            .inline(::suptree::Inline::Never)
            .last_message(true)
            .deadlines(true);
        const HANDLERS: &'static [::suptree::__private::Handler] = &[
            ::suptree::__private::Handler::at("get", ::core::panic::Location::caller()),
            ::suptree::__private::Handler::at("find", ::core::panic::Location::caller()),
            ::suptree::__private::Handler::at("load", ::core::panic::Location::caller()),
            ::suptree::__private::Handler::at(
                "fetch",
                ::core::panic::Location::caller(),
            ),
            ::suptree::__private::Handler::at("pack", ::core::panic::Location::caller()),
            ::suptree::__private::Handler::at(
                "write_out",
                ::core::panic::Location::caller(),
            ),
            ::suptree::__private::Handler::at("put", ::core::panic::Location::caller()),
            ::suptree::__private::Handler::at("tick", ::core::panic::Location::caller()),
            ::suptree::__private::Handler::at(
                "sweep",
                ::core::panic::Location::caller(),
            ),
            ::suptree::__private::Handler::at(
                "flush",
                ::core::panic::Location::caller(),
            ),
            ::suptree::__private::Handler::at("go_on", ::core::panic::Location::caller()),
        ];
        const HEARS: ::suptree::__private::Hears = ::suptree::__private::Hears::NOTHING
            .exit()
            .down()
            .timeout();
        async fn init(
            args: Self::Args,
            cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<Self, ::suptree::ExitReason> {
            let state = {
                ::suptree::__private::IntoInit::<
                    Self,
                >::into_init(
                    ::suptree::__private::HandlerFuture::of(Self::open(args, cx))
                        .send()
                        .await,
                )
            };
            if ::core::result::Result::is_ok(&state) {
                ::suptree::__private::every(
                    cx,
                    ::core::time::Duration::from_secs(60),
                    |()| ::suptree::__private::Message::Info(StoreInfo::Sweep),
                );
                ::suptree::__private::every(
                    cx,
                    const { ::suptree::__private::period(T::PERIOD) },
                    |()| ::suptree::__private::Message::Info(StoreInfo::Flush),
                );
            }
            state
        }
        async fn handle_exit(
            &mut self,
            from: ::suptree::Pid,
            reason: ::suptree::ExitReason,
            _cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            ::suptree::__private::Outcome::into_result(Self::exited(self, from, reason))
        }
        async fn handle_down(
            &mut self,
            down: ::suptree::Down,
            cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            ::suptree::__private::Outcome::into_result(
                ::suptree::__private::HandlerFuture::of(Self::gone(self, down, cx))
                    .send()
                    .await,
            )
        }
        async fn handle_timeout(
            &mut self,
            cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            ::suptree::__private::Outcome::into_result(Self::idle(self, cx))
        }
        fn hibernate(&mut self, _cx: &mut ::suptree::Context<Self>) {
            Self::shrink(self)
        }
        async fn terminate(
            &mut self,
            reason: &::suptree::ExitReason,
            _cx: &mut ::suptree::Context<Self>,
        ) {
            ::suptree::__private::HandlerFuture::of(Self::close(self, reason))
                .send()
                .await
        }
        fn format_status(&self, status: &mut ::suptree::FormatStatus) {
            Self::without_values(self, status);
        }
        fn message_waits(
            message: &::suptree::__private::Message<Self>,
        ) -> ::core::primitive::bool {
            ::suptree::__private::message_waits(message)
        }
        const BLOCKS: ::core::primitive::bool = true;
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
        fn describe_message(
            message: &::suptree::__private::Message<Self>,
        ) -> ::suptree::__private::Described<'_> {
            ::suptree::__private::describe_message(message)
        }
        fn debug_state(&self) -> ::core::option::Option<&dyn ::core::fmt::Debug> {
            ::suptree::__private::debug_of!(self)
        }
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::OnDemand for __Server<T, N>
    where
        T: ::core::marker::Send + 'static,
        Store<T, N>: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Given = ::suptree::Cloned;
    }
    impl<T: Clone + Debug, const N: usize> ::suptree::TakenAlong<'_, Store<T, N>, (), 0>
    for Kind
    where
        T: ::core::marker::Send + 'static,
    {}
    impl<T: Clone + Debug, const N: usize> ::suptree::TakenAlong<'_, Store<T, N>, (), 1>
    for Tick
    where
        T: ::core::marker::Send + 'static,
    {}
    impl<T: Clone + Debug, const N: usize> ::suptree::TakenAlong<'_, Store<T, N>, (), 2>
    for StoreCast<T, N>
    where
        T: ::core::marker::Send + 'static,
        Kind: for<'__any> ::suptree::TakenAlong<'__any, Store<T, N>, (), 0>,
    {}
    impl<T: Clone + Debug, const N: usize> ::suptree::TakenAlong<'_, Store<T, N>, (), 3>
    for StoreInfo<T, N>
    where
        T: ::core::marker::Send + 'static,
        Tick: for<'__any> ::suptree::TakenAlong<'__any, Store<T, N>, (), 1>,
    {}
};
