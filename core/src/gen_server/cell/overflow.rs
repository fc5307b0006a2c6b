//! A mailbox that is full, and drops its oldest message for each that comes.

use super::batch::Batch;
use super::mailbox::{Pushed, Waits};
use super::message::Mail;
use super::{AnyCell, Body, Cell};
use crate::gen_server::{GenServer, report};
use crate::guard::discard;
use crate::reply::abandoned;
use crate::sync::{Arc, lock};

/// Messages of users are bounded, and may go. Control takes no room, and stays.
impl<S: GenServer> Waits for Mail<S> {
    fn takes_room(&self) -> bool {
        !matches!(self, Self::System(_))
    }
}

impl<S: GenServer> Cell<S> {
    /// Queues a message, instead of the oldest one where there is no room.
    #[cold]
    #[inline(never)]
    pub(super) fn push_over_oldest(&self, message: &mut Option<Mail<S>>) -> Pushed {
        let Some(mail) = message.take() else {
            return Pushed::Full;
        };
        let lane = &self.body.mailbox;
        match lane.push_over_oldest(Body::<S>::BOUND, mail) {
            Ok(None) => {}
            Ok(Some(oldest)) => self.drop_oldest(oldest),
            Err(mail) => {
                *message = Some(mail);
                return Pushed::Closed;
            }
        }
        Pushed::Queued
    }

    /// The same for a message of a timer, whose keeper runs no code of a user.
    #[cold]
    #[inline(never)]
    pub(super) fn push_late_over_oldest(self: &Arc<Self>, mail: Mail<S>) -> Result<(), Mail<S>> {
        let lane = &self.body.mailbox;
        if let Some(oldest) = lane.push_over_oldest(Body::<S>::BOUND, mail)? {
            let cell = Arc::clone(self);
            let runtime = &self.header.node.runtime;
            runtime.spawn(async move { cell.drop_oldest(oldest) });
        }
        Ok(())
    }

    fn drop_oldest(&self, mail: Mail<S>) {
        let message = mail
            .look()
            .map_or("", |(message, _)| S::message_name(message));
        {
            let _displacing = abandoned::displacing();
            discard(mail);
        }
        self.any().note_dropped(message);
    }
}

impl<S: GenServer> Body<S> {
    /// Takes one message: those that stay may be dropped for newer ones.
    #[cold]
    #[inline(never)]
    pub(super) fn take_one(&self, cell: &AnyCell, batch: &mut Batch<Mail<S>>) -> bool {
        let (any, more) = self.mailbox.take_one(batch);
        if more {
            cell.state.keep_mail();
        }
        any
    }
}

impl AnyCell {
    /// Counts a message that was dropped, and reports it now and then.
    fn note_dropped(&self, message: &str) {
        let dropped = {
            let mut control = lock(&self.control);
            let control = control.get_or_insert_default();
            control.dropped += 1;
            control.dropped
        };
        #[cfg(feature = "metrics")]
        self.header.meters(self.body.type_name()).note_dropped();
        if dropped.is_power_of_two() {
            report::messages_dropped(&self.header, self.body.type_name(), message, dropped);
        }
    }

    /// How many messages were dropped.
    pub(super) fn dropped(&self) -> u64 {
        lock(&self.control)
            .as_ref()
            .map_or(0, |control| control.dropped)
    }
}

#[cfg(test)]
mod tests {
    use crate::gen_server::{
        CastError, Context, Full, GenServer, Mailbox, NoMessage, ServerOptions, ServerRef,
    };
    use crate::planted::{Bug, plant};
    use crate::{CallError, ExitReason, Pid, ReplyTo};

    /// Adds up what it is sent, and counts exits.
    #[derive(Default)]
    struct Desk {
        sum: u32,
        exits: u32,
    }

    enum Call {
        Sum(ReplyTo<(u32, u32)>),
        /// Waits until nothing else is to be done.
        Hold(ReplyTo<()>),
    }

    impl GenServer for Desk {
        type Args = ();
        type Call = Call;
        type Cast = u32;
        type Info = NoMessage;
        type Client = ServerRef<Self>;

        const OPTIONS: ServerOptions = ServerOptions::new()
            .mailbox(Mailbox::Bounded(2))
            .full(Full::DropOldest)
            .trap_exit(true);

        async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            Ok(Self::default())
        }

        async fn handle_call(
            &mut self,
            call: Call,
            _cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            match call {
                Call::Sum(reply) => reply.send((self.sum, self.exits)),
                Call::Hold(reply) => {
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                    reply.send(());
                }
            }
            Ok(())
        }

        async fn handle_cast(&mut self, n: u32, _cx: &mut Context<Self>) -> Result<(), ExitReason> {
            self.sum += n;
            Ok(())
        }

        async fn handle_exit(
            &mut self,
            _from: Pid,
            _reason: ExitReason,
            _cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            self.exits += 1;
            Ok(())
        }
    }

    /// The sum and the exits of a server that was sent more than it has room for, and what the call was told that it has no room for.
    async fn overflow(bug: Option<Bug>) -> (u32, u32, Option<CallError>) {
        plant(bug);
        let desk = crate::start::<Desk>(()).await.expect("starts");
        let holds = desk.call_with(Call::Hold);
        let sends = async {
            tokio::task::yield_now().await;
            crate::exit(desk.pid().expect("it lives"), ExitReason::Shutdown);
            tokio::task::yield_now().await;
            let asks = desk.call_with(Call::Sum);
            let casts = async {
                for n in [1, 2, 4] {
                    desk.cast(n).await?;
                }
                Ok::<_, CastError>(())
            };
            tokio::join!(asks, casts)
        };
        let (held, (asked, cast)) = tokio::join!(holds, sends);
        held.expect("it answers");
        cast.expect("it lives");
        let (sum, exits) = desk.call_with(Call::Sum).await.expect("it answers");
        plant(None);
        (sum, exits, asked.err())
    }

    #[tokio::test(start_paused = true)]
    async fn r351_a_mailbox_that_drops_what_it_should_not_is_noticed() {
        let told = Some(CallError::Dropped);
        assert_eq!(overflow(None).await, (6, 1, told.clone()));
        let newest = overflow(Some(Bug::NewestIsDropped)).await;
        assert_ne!(newest.0, 6);
        assert_eq!(overflow(Some(Bug::SystemTakesRoom)).await.0, 4);
        assert_eq!(overflow(Some(Bug::ControlIsDropped)).await.1, 0);
        let forgotten = overflow(Some(Bug::DroppedCallToldLikeForgotten)).await;
        assert_eq!(forgotten, (6, 1, Some(CallError::NoReply)));
    }
}
