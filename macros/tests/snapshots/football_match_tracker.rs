impl FootballMatchTracker {
    fn init(match_id: String) -> Self {
        Self {
            match_id,
            score: Score::default(),
        }
    }
    fn get_score(&self) -> Score {
        self.score
    }
    async fn new_event(&mut self, event: String) {
        match event.as_str() {
            "home_goal" => self.score.home += 1,
            "away_goal" => self.score.away += 1,
            "end" => {
                let _ = FootballMatchSupervisor::named()
                    .terminate_child(self_pid())
                    .await;
            }
            other => panic!("no case clause matching: {other:?}"),
        }
    }
}
/// The block of `FootballMatchTracker` that is no part: there is one.
#[doc(hidden)]
mod FootballMatchTracker_without_part_80de {
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
/// Client of a [`FootballMatchTracker`] server: one method per handler.
type FootballMatchTrackerClient = __FootballMatchTrackerClient::FootballMatchTrackerClientOf<
    FootballMatchTracker,
>;
/// Public in a private module: how visible `FootballMatchTracker` is, the macro cannot know.
#[doc(hidden)]
mod __FootballMatchTrackerClient {
    ::suptree::__private::client_type! {
        FootballMatchTrackerClient as FootballMatchTrackerClientOf
    }
}
const _: () = {
    impl FootballMatchTracker {
        /// Starts a `FootballMatchTracker` that is linked to the calling process.
        pub fn start_link<A: ::suptree::IntoArg<String>>(
            match_id: A,
        ) -> ::suptree::Start<FootballMatchTrackerClient> {
            ::suptree::start_link::<Self>(::suptree::IntoArg::into_arg(match_id))
        }
        /// Starts a `FootballMatchTracker` without a link.
        pub fn start<A: ::suptree::IntoArg<String>>(
            match_id: A,
        ) -> ::suptree::Start<FootballMatchTrackerClient> {
            ::suptree::start::<Self>(::suptree::IntoArg::into_arg(match_id))
        }
        /// How a supervisor starts, restarts and stops a `FootballMatchTracker`.
        pub fn child_spec<A: ::suptree::IntoArg<String>>(
            match_id: A,
        ) -> ::suptree::ChildSpec {
            ::suptree::__private::child_spec::<
                Self,
            >("football_match_tracker", ::suptree::IntoArg::into_arg(match_id))
        }
        /// The client of the `FootballMatchTracker` of this name: of whichever process has it when a call is made.
        #[must_use]
        pub fn named<A: ::suptree::IntoArg<String>>(
            match_id: A,
        ) -> FootballMatchTrackerClient {
            ::core::convert::From::from(
                ::suptree::ServerRef::named(
                    Self::__server_name(::suptree::IntoArg::into_arg(match_id)),
                ),
            )
        }
        /// The client of the `FootballMatchTracker` that has this name now: of this process, and no other.
        #[must_use]
        pub fn whereis(
            match_id: &::core::primitive::str,
        ) -> ::core::option::Option<FootballMatchTrackerClient> {
            ::core::option::Option::map(
                ::suptree::ServerRef::whereis(match_id),
                ::core::convert::From::from,
            )
        }
        #[doc(hidden)]
        fn __server_name(match_id: String) -> ::suptree::Name {
            ::suptree::Name::new(match_id)
        }
        #[doc(hidden)]
        #[inline]
        pub fn __args<A: ::suptree::IntoArg<String>>(
            match_id: A,
        ) -> <Self as ::suptree::GenServer>::Args {
            ::suptree::IntoArg::into_arg(match_id)
        }
    }
    impl FootballMatchTrackerClient
    where
        Score: for<'__any> ::suptree::TakenAlong<'__any, FootballMatchTracker, (), 0>,
    {
        /// Calls [`FootballMatchTracker::get_score`].
        fn get_score(
            &self,
        ) -> ::suptree::Call<
            '_,
            Score,
            FootballMatchTracker,
            FootballMatchTrackerGetScoreCall,
        > {
            ::suptree::ServerRef::call(self, FootballMatchTrackerGetScoreCall)
        }
        /// Casts to [`FootballMatchTracker::new_event`].
        fn new_event<A: ::suptree::IntoArg<String>>(
            &self,
            event: A,
        ) -> ::suptree::Cast<'_, FootballMatchTracker, String> {
            ::suptree::__private::send(
                self,
                ::suptree::IntoArg::into_arg(event),
                &::suptree::__private::Way {
                    make: |event| ::suptree::__private::Message::Cast(FootballMatchTrackerCast::NewEvent {
                        event,
                    }),
                    back: |message| match message {
                        ::suptree::__private::Message::Cast(
                            FootballMatchTrackerCast::NewEvent { event },
                        ) => ::core::option::Option::Some(event),
                        _ => ::core::option::Option::None,
                    },
                },
            )
        }
    }
    /// The call [`FootballMatchTracker::get_score`].
    struct FootballMatchTrackerGetScoreCall;
    impl ::suptree::Request<FootballMatchTracker> for FootballMatchTrackerGetScoreCall
    where
        FootballMatchTracker: for<'__any> ::suptree::ServerState<'__any>,
        Score: for<'__any> ::suptree::TakenAlong<'__any, FootballMatchTracker, (), 0>,
    {
        const MODE: ::suptree::__private::Mode = ::suptree::__private::Mode::Sync;
        fn handle(
            self,
            server: &mut FootballMatchTracker,
            _cx: &mut ::suptree::Context<FootballMatchTracker>,
        ) -> Self::Reply {
            FootballMatchTracker::get_score(server)
        }
    }
    impl ::suptree::RequestMessage<FootballMatchTracker>
    for FootballMatchTrackerGetScoreCall
    where
        FootballMatchTracker: for<'__any> ::suptree::ServerState<'__any>,
        Score: for<'__any> ::suptree::TakenAlong<'__any, FootballMatchTracker, (), 0>,
    {
        type Reply = Score;
        type Args = ();
        const NUMBER: ::core::option::Option<::core::primitive::u32> = ::core::option::Option::Some(
            0,
        );
        fn into_call(
            self,
            reply: ::suptree::ReplyTo<Self::Reply>,
        ) -> FootballMatchTrackerCall {
            FootballMatchTrackerCall::GetScore(self, reply)
        }
        fn take_back(
            call: FootballMatchTrackerCall,
        ) -> ::core::option::Option<Self::Args> {
            let FootballMatchTrackerCall::GetScore(_, _) = call;
            ::core::option::Option::Some(())
        }
    }
    /// The calls of a [`FootballMatchTracker`].
    pub enum FootballMatchTrackerCall {
        GetScore(FootballMatchTrackerGetScoreCall, ::suptree::ReplyTo<Score>),
    }
    /// The casts of a [`FootballMatchTracker`].
    pub enum FootballMatchTrackerCast {
        NewEvent { event: String },
    }
    impl ::suptree::__private::Dispatch<FootballMatchTracker>
    for FootballMatchTrackerCall
    where
        FootballMatchTracker: for<'__any> ::suptree::ServerState<'__any>,
        FootballMatchTrackerCall: for<'__any> ::suptree::TakenAlong<
            '__any,
            FootballMatchTracker,
            (),
            1,
        >,
    {
        fn handle_now(
            self,
            server: &mut FootballMatchTracker,
            cx: &mut ::suptree::Context<FootballMatchTracker>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                FootballMatchTrackerCall::GetScore(request, reply) => {
                    ::suptree::__private::answer(request, server, reply, cx)
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                FootballMatchTrackerCall::GetScore(..) => ::suptree::__private::listed(0),
            }
        }
    }
    impl ::suptree::__private::Dispatch<FootballMatchTracker>
    for FootballMatchTrackerCast
    where
        FootballMatchTracker: for<'__any> ::suptree::ServerState<'__any>,
    {
        fn waits(&self) -> ::core::primitive::bool {
            true
        }
        async fn handle<__Carry: ::suptree::__private::Carry>(
            self,
            server: &mut FootballMatchTracker,
            _cx: &mut ::suptree::Context<FootballMatchTracker>,
        ) -> ::core::result::Result<(), ::suptree::ExitReason> {
            match self {
                FootballMatchTrackerCast::NewEvent { event } => {
                    ::suptree::__private::Outcome::into_result(
                        __Carry::begin(
                                ::suptree::__private::HandlerFuture::of(
                                        FootballMatchTracker::new_event(server, event),
                                    )
                                    .send(),
                            )
                            .await,
                    )
                }
            }
        }
        fn handler(&self) -> ::core::primitive::u32 {
            match self {
                FootballMatchTrackerCast::NewEvent { .. } => {
                    ::suptree::__private::listed(1)
                }
            }
        }
    }
    type __Server = FootballMatchTracker;
    impl ::suptree::ServerState<'_> for FootballMatchTracker {}
    impl ::suptree::GenServer for __Server
    where
        FootballMatchTracker: for<'__any> ::suptree::ServerState<'__any>,
        FootballMatchTrackerCall: for<'__any> ::suptree::TakenAlong<
            '__any,
            FootballMatchTracker,
            (),
            1,
        >,
    {
        type Args = String;
        type Call = FootballMatchTrackerCall;
        type Cast = FootballMatchTrackerCast;
        type Info = ::suptree::NoMessage;
        type Client = FootballMatchTrackerClient;
        const OPTIONS: ::suptree::ServerOptions = ::suptree::ServerOptions::new()
            .restart(::suptree::Restart::Transient);
        const HANDLERS: &'static [::suptree::__private::Handler] = &[
            ::suptree::__private::Handler::at(
                "get_score",
                ::core::panic::Location::caller(),
            ),
            ::suptree::__private::Handler::at(
                "new_event",
                ::core::panic::Location::caller(),
            ),
        ];
        const HEARS: ::suptree::__private::Hears = ::suptree::__private::Hears::NOTHING;
        fn name(args: &Self::Args) -> ::core::option::Option<::suptree::Name> {
            ::core::option::Option::Some(
                Self::__server_name(::core::clone::Clone::clone(args)),
            )
        }
        async fn init(
            args: Self::Args,
            _cx: &mut ::suptree::Context<Self>,
        ) -> ::core::result::Result<Self, ::suptree::ExitReason> {
            ::core::result::Result::Ok(Self::init(args))
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
        FootballMatchTracker: for<'__any> ::suptree::ServerState<'__any>,
    {
        type Given = ::suptree::Cloned;
    }
    impl ::suptree::TakenAlong<'_, FootballMatchTracker, (), 0> for Score {}
    impl ::suptree::TakenAlong<'_, FootballMatchTracker, (), 1>
    for FootballMatchTrackerCall
    where
        Score: for<'__any> ::suptree::TakenAlong<'__any, FootballMatchTracker, (), 0>,
    {}
};
