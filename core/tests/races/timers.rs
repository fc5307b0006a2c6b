//! Timers that meet deaths, and those that cancel them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use shuttle::future::block_on;
use suptree_core::checker::Timers;
use suptree_core::{Context, ExitReason, GenServer, NoMessage, ServerRef, start};

use crate::harness::{client, join, run};

/// Counts how often it is rung.
struct Bell(Arc<AtomicU32>);

/// Something that is to be dropped with the message.
struct Ring(#[expect(dead_code, reason = "counted by its references")] Arc<()>);

impl GenServer for Bell {
    type Args = Arc<AtomicU32>;
    type Call = NoMessage;
    type Cast = NoMessage;
    type Info = Ring;
    type Client = ServerRef<Self>;

    async fn init(rung: Arc<AtomicU32>, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        Ok(Self(rung))
    }

    async fn handle_info(
        &mut self,
        _ring: Ring,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

fn bell() -> (ServerRef<Bell>, Arc<AtomicU32>) {
    let rung = Arc::new(AtomicU32::new(0));
    let args = Arc::clone(&rung);
    let bell = block_on(async { start::<Bell>(args).await });
    (bell.expect("it starts"), rung)
}

const SECOND: Duration = Duration::from_secs(1);

/// A timer is set for a server that dies: nothing of it is left, though somebody has a reference to the dead.
pub(crate) fn set_as_it_dies() {
    run(Timers::Never, |faults| {
        let (bell, _rung) = bell();
        let held = Arc::new(());
        let (late, message) = (bell.clone(), Ring(Arc::clone(&held)));
        let faults_of_setter = faults.clone();
        let sets = client(async move {
            let timer = late.send(message).send_after(SECOND);
            if timer.left().is_some() && !late.is_alive() && timer.left().is_some() {
                faults_of_setter.add("a timer is set for the dead");
            }
        });
        let down = bell.monitor();
        bell.kill();
        block_on(down);
        join([sets]);
        if Arc::strong_count(&held) > 1 {
            faults.add("a message is left in a server that is dead");
        }
    });
}

/// A timer is cancelled as it sends: it was cancelled and nothing comes, or it was not and its message does.
pub(crate) fn cancelled_as_it_sends() {
    run(Timers::AtAnyMoment, |faults| {
        let (bell, rung) = bell();
        let timer = bell.send(Ring(Arc::new(()))).send_after(SECOND);
        let cancels = client({
            let faults = faults.clone();
            async move {
                let (cancelled, again) = (timer.cancel().is_some(), timer.cancel().is_some());
                if again {
                    faults.add("cancelled twice");
                }
                // What was taken out to be sent is on its way.
                for _ in 0..1_000 {
                    if cancelled || rung.load(Ordering::Relaxed) > 0 {
                        break;
                    }
                    shuttle::thread::yield_now();
                }
                let stopped = bell.stop().await;
                let rung = rung.load(Ordering::Relaxed);
                if stopped.is_err() || cancelled == (rung == 1) || rung > 1 {
                    faults.add(format!(
                        "cancelled: {cancelled}; rung {rung} times; {stopped:?}"
                    ));
                }
            }
        });
        join([cancels]);
    });
}

/// A server that is killed as its timer sends is rung before its death or not at all, and nothing is left.
pub(crate) fn killed_as_it_sends() {
    run(Timers::AtAnyMoment, |faults| {
        let (bell, _rung) = bell();
        let held = Arc::new(());
        let timer = bell.send(Ring(Arc::clone(&held))).send_after(SECOND);
        let down = bell.monitor();
        bell.kill();
        block_on(down);
        if timer.left().is_some() || timer.cancel().is_some() {
            faults.add("a timer of the dead is set");
        }
        if Arc::strong_count(&held) > 1 {
            // Its keeper was about to send it: a task of the runtime drops it.
            shuttle::thread::yield_now();
        }
    });
}
