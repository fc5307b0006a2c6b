//! A server waits for a message, and is told when none has come.

use std::time::Duration;

use super::AnyCell;
use super::message::System;
use super::state::Wake;
use crate::rt::{self, Instant};
use crate::sync::atomic::Ordering;
use crate::sync::lock;

impl AnyCell {
    /// The handler that has just been counted is done: from here on the server waits so long for a message. `anew`: unless it does
    /// already, or was told.
    pub(super) fn wait_for_message(&self, time: Duration, anew: bool) {
        let handled = self.handled.load(Ordering::Relaxed);
        let mut control = lock(&self.control);
        let idle = &mut control.get_or_insert_default().idle;
        let idle = idle.get_or_insert_default();
        if anew && idle.knows(handled) {
            return;
        }
        let node = &self.header.node;
        let number = idle.set(rt::deadline_from(node.now(), time), handled);
        if time.is_zero() {
            drop(control);
            // Behind what is queued: any of that is a message that comes.
            self.queue_system(System::Timeout(number));
            return;
        }
        self.state.note_belongings();
        let keeper = idle.set_alarm(self.pid(), &node.timers);
        drop(control);
        if let Some(keeper) = keeper {
            keeper.tell();
        }
    }

    /// The alarm has rung.
    pub(super) fn ring(&self, now: Instant) -> Wake {
        let (over, keeper) = {
            let mut control = lock(&self.control);
            // Under the lock: as new as the timeout that is set.
            let handled = self.handled.load(Ordering::Relaxed);
            let Some(idle) = control.as_mut().and_then(|it| it.idle.as_mut()) else {
                return Wake::No;
            };
            match idle.ring(now, handled) {
                Some(number) => (Some(number), None),
                None => (None, idle.set_alarm(self.pid(), &self.header.node.timers)),
            }
        };
        if let Some(keeper) = keeper {
            keeper.tell();
        }
        match over {
            Some(number) if self.body.push_system(System::Timeout(number)) => {
                self.state.note_mail()
            }
            _ => Wake::No,
        }
    }

    /// The message of a timeout is about to be handled. Whether it still holds.
    pub(super) fn take_timeout(&self, number: u64) -> bool {
        let handled = self.handled.load(Ordering::Relaxed);
        let mut control = lock(&self.control);
        let idle = control.as_mut().and_then(|it| it.idle.as_mut());
        idle.is_some_and(|idle| idle.take(number, handled))
    }

    /// What the server handles now is nobody's message: it cancels no timeout. The server counts it when it is done.
    pub(in crate::gen_server) fn excuse(&self) {
        let handled = self.handled.load(Ordering::Relaxed);
        if let Some(idle) = lock(&self.control).as_mut().and_then(|it| it.idle.as_mut()) {
            idle.excuse(handled);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::gen_server::{Context, GenServer, NoMessage, ServerRef};
    use crate::planted::{Bug, plant};
    use crate::{ExitReason, ReplyTo};

    #[derive(Default)]
    struct Waits(u32);

    enum Call {
        Wait(ReplyTo<()>),
        Told(ReplyTo<u32>),
    }

    impl GenServer for Waits {
        type Args = ();
        type Call = Call;
        type Cast = NoMessage;
        type Info = NoMessage;
        type Client = ServerRef<Self>;

        async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            Ok(Self::default())
        }

        async fn handle_call(
            &mut self,
            call: Call,
            cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            match call {
                Call::Wait(reply) => {
                    cx.timeout(Duration::from_millis(50));
                    reply.send(());
                }
                Call::Told(reply) => reply.send(self.0),
            }
            Ok(())
        }

        async fn handle_timeout(&mut self, _cx: &mut Context<Self>) -> Result<(), ExitReason> {
            self.0 += 1;
            Ok(())
        }
    }

    async fn told(bug: Option<Bug>) -> u32 {
        plant(bug);
        let server = crate::start::<Waits>(()).await.expect("starts");
        server.call_with(Call::Wait).await.expect("it answers");
        tokio::time::sleep(Duration::from_millis(40)).await;
        server.call_with(Call::Told).await.expect("it answers");
        tokio::time::sleep(Duration::from_millis(100)).await;
        let told = server.call_with(Call::Told).await;
        plant(None);
        told.expect("it answers")
    }

    #[tokio::test(start_paused = true)]
    async fn gs_40_a_timeout_that_is_not_cancelled_is_noticed() {
        assert_eq!(told(None).await, 0);
        assert_eq!(told(Some(Bug::TimeoutOutlivesCalls)).await, 1);
    }
}
