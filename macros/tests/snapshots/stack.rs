/// A stack of things.
impl<T> Stack<T>
where
    T: Clone + Send + 'static,
{
    fn init(items: Vec<T>) -> Self {
        Self(items)
    }
    pub fn pop(&mut self) -> Option<T> {
        self.0.pop()
    }
    pub fn push(&mut self, item: impl Into<T>) {
        self.0.push(item.into());
    }
}
/// The block of `Stack` that is no part: there is one.
#[doc(hidden)]
mod Stack_without_part_549d {
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
/// Client of a [`Stack`] server: one method per handler.
///
/// The handlers are [`pop`](Stack::pop), [`push`](Stack::push). It has the methods of a [`ServerRef`](suptree::ServerRef), too.
pub type StackClient<T> = __StackClient::StackClientOf<Stack<T>>;
/// Public in a private module: how visible `Stack` is, the macro cannot know.
#[doc(hidden)]
mod __StackClient {
    ::suptree::__private::client_type! {
        StackClient as StackClientOf
    }
}
const _: () = {
    impl<T> Stack<T>
    where
        T: Clone + Send + 'static,
    {
        /// Starts a `Stack` that is linked to the calling process.
        pub fn start_link(items: Vec<T>) -> ::suptree::Start<StackClient<T>> {
            ::suptree::start_link::<Self>(items)
        }
        /// Starts a `Stack` without a link.
        pub fn start(items: Vec<T>) -> ::suptree::Start<StackClient<T>> {
            ::suptree::start::<Self>(items)
        }
        /// How a supervisor starts, restarts and stops a `Stack`.
        pub fn child_spec(items: Vec<T>) -> ::suptree::ChildSpec
        where
            Vec<T>: for<'__any> ::core::clone::Clone,
        {
            ::suptree::__private::child_spec::<Self>("stack", items)
        }
        #[doc(hidden)]
        #[inline]
        pub fn __args(items: Vec<T>) -> <Self as ::suptree::GenServer>::Args {
            items
        }
    }
    impl<T> StackClient<T>
    where
        T: Clone + Send + 'static,
    {
        #[cfg_attr(doc, doc = " Calls `Stack::pop`.")]
        #[cfg_attr(not(doc), doc = " Calls [`Stack::pop`].")]
        pub fn pop(&self) -> ::suptree::Call<'_, Option<T>, Stack<T>, StackPopCall<T>> {
            ::suptree::ServerRef::call(
                self,
                StackPopCall {
                    __server: ::core::marker::PhantomData,
                },
            )
        }
        #[cfg_attr(doc, doc = " Casts to `Stack::push`.")]
        #[cfg_attr(not(doc), doc = " Casts to [`Stack::push`].")]
        pub fn push<A: ::core::convert::Into<T>>(
            &self,
            item: A,
        ) -> ::suptree::Cast<'_, Stack<T>, T> {
            ::suptree::__private::send(
                self,
                ::core::convert::Into::into(item),
                &::suptree::__private::Way {
                    make: |item| ::suptree::__private::Message::Cast(StackCast::Push {
                        item,
                    }),
                    back: |message| match message {
                        ::suptree::__private::Message::Cast(StackCast::Push { item }) => {
                            ::core::option::Option::Some(item)
                        }
                        _ => ::core::option::Option::None,
                    },
                },
            )
        }
    }
    /// The call [`Stack::pop`].
    pub struct StackPopCall<T>
    where
        T: Clone + Send + 'static,
    {
        __server: ::core::marker::PhantomData<fn() -> Stack<T>>,
    }
    impl<T> ::suptree::Request<Stack<T>> for StackPopCall<T>
    where
        T: Clone + Send + 'static,
        Stack<T>: for<'__any> ::suptree::ServerState<'__any>,
    {
        const MODE: ::suptree::__private::Mode = ::suptree::__private::Mode::Sync;
        fn handle(
            self,
            server: &mut Stack<T>,
            _cx: &mut ::suptree::Context<Stack<T>>,
        ) -> Self::Reply {
            <Stack<T>>::pop(server)
        }
    }
    impl<T> ::suptree::RequestMessage<Stack<T>> for StackPopCall<T>
    where
        T: Clone + Send + 'static,
        Stack<T>: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Reply = Option<T>;
        type Args = ();
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            0,
        );
        fn into_call(self, reply: ::suptree::ReplyTo<Self::Reply>) -> StackCall<T> {
            StackCall::Pop(self, reply)
        }
        fn take_back(call: StackCall<T>) -> ::core::option::Option<Self::Args> {
            let StackCall::Pop(_, _) = call else {
                return ::core::option::Option::None;
            };
            ::core::option::Option::Some(())
        }
    }
    /// The calls of a [`Stack`].
    pub enum StackCall<T>
    where
        T: Clone + Send + 'static,
    {
        Pop(StackPopCall<T>, ::suptree::ReplyTo<Option<T>>),
    }
    /// The casts of a [`Stack`].
    pub enum StackCast<T>
    where
        T: Clone + Send + 'static,
    {
        Push { item: T },
    }
    impl<T> ::suptree::__private::Dispatch<Stack<T>> for StackCall<T>
    where
        T: Clone + Send + 'static,
        Stack<T>: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Stack<T>,
            cx: &mut ::suptree::Context<Stack<T>>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                StackCall::Pop(request, reply) => {
                    ::suptree::Request::answer(request, server, reply, cx)
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                StackCall::Pop(..) => ::suptree::__private::listed(0),
            }
        }
    }
    impl<T> ::suptree::__private::Dispatch<Stack<T>> for StackCast<T>
    where
        T: Clone + Send + 'static,
        Stack<T>: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn handle_now(
            self,
            server: &mut Stack<T>,
            _cx: &mut ::suptree::Context<Stack<T>>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                StackCast::Push { item } => {
                    ::suptree::__private::Outcome::into_result(
                        <Stack<T>>::push(server, item),
                    )
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                StackCast::Push { .. } => ::suptree::__private::listed(1),
            }
        }
    }
    type __Server<T> = Stack<T>;
    impl<T> ::suptree::ServerState<'_> for Stack<T>
    where
        T: Clone + Send + 'static,
    {}
    impl<T> ::suptree::GenServer for __Server<T>
    where
        T: Clone + Send + 'static,
        Stack<T>: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Args = Vec<T>;
        type Call = StackCall<T>;
        type Cast = StackCast<T>;
        type Info = ::suptree::NoMessage;
        type Client = StackClient<T>;
        const HANDLERS: &'static [::suptree::__private::Handler] = &[
            ::suptree::__private::Handler::at("pop", ::core::panic::Location::caller()),
            ::suptree::__private::Handler::at("push", ::core::panic::Location::caller()),
        ];
        const WAITS: ::core::primitive::bool = false;
        const HEARS: ::suptree::__private::Hears = ::suptree::__private::Hears::NOTHING;
        async fn init(
            args: Self::Args,
            _cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<Self, ::suptree::ExitReason> {
            ::core::result::Result::Ok(Self::init(args))
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
    impl<T> ::suptree::OnDemand for __Server<T>
    where
        T: Clone + Send + 'static,
        Stack<T>: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Given = ::suptree::Cloned;
    }
};
