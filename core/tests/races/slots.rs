//! Reply slots: a late reply never reaches a later call.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use suptree_core::checker::Timers;
use suptree_core::{CallError, start};

use crate::desk::{Desk, Gate};
use crate::harness::{client, join, run};
use crate::probe::{
    Args, Ask, Begun, ByLoop, IN_PLACE, Notes, Probe, QUEUED, Said, What, answered, call,
    call_begun, call_by_loop, probe,
};

/// A call is given up, its reply comes while the next one is on its way in the same slot.
pub(crate) fn late() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<QUEUED>(faults);
        let server = Arc::new(server);
        let desk = Desk::default();
        let (f, s, d) = (faults.clone(), Arc::clone(&server), desk.clone());
        let calls = client(async move {
            for nth in [1, 3] {
                let said = Said(1, nth);
                let given_up = s.call(Ask(said, What::Leave(d.clone()))).no_timeout();
                let mut given_up = pin!(given_up);
                // Polled twice, so that the reply may be there.
                for _ in 0..2 {
                    let polled = poll_fn(|cx| Poll::Ready(given_up.as_mut().poll(cx))).await;
                    if let Poll::Ready(answer) = polled {
                        answered(&f, said, answer);
                        break;
                    }
                }
            }
            call(&f, &s, Said(1, 4), What::Answer).await;
            call_by_loop(&f, &s, Said(1, 5), What::Answer).await;
        });
        let replies = client(async move {
            for _ in 0..2 {
                let (said, reply) = desk.take().await;
                reply.send(said);
            }
        });
        let (f, s) = (faults.clone(), server);
        let others = client(async move { call(&f, &s, Said(2, 1), What::Answer).await });
        join([calls, replies, others]);
    });
}

/// A call is given up while the holder of its reply handle waits for just that: it always hears of it.
pub(crate) fn watched() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<QUEUED>(faults);
        let desk = Desk::default();
        let (f, s, d) = (faults.clone(), server, desk.clone());
        let calls = client(async move {
            let said = Said(1, 1);
            {
                let given_up = s.call(Ask(said, What::Leave(d))).no_timeout();
                let mut given_up = pin!(given_up);
                let polled = poll_fn(|cx| Poll::Ready(given_up.as_mut().poll(cx))).await;
                assert!(polled.is_pending(), "nobody answers");
            }
            call(&f, &s, Said(1, 2), What::Answer).await;
        });
        let watches = client(async move {
            let (said, mut reply) = desk.take().await;
            reply.closed().await;
            assert!(reply.is_closed());
            reply.send(said);
        });
        join([calls, watches]);
    });
}

/// A call whose handler its caller began is given up while the handler waits.
pub(crate) fn begun() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let gate = Gate::default();
        let (f, s, g) = (faults.clone(), server, gate.clone());
        let calls = client(async move {
            let said = Said(1, 1);
            {
                let given_up = s.call(Begun(Ask(said, What::Hold(g)))).no_timeout();
                let mut given_up = pin!(given_up);
                let polled = poll_fn(|cx| Poll::Ready(given_up.as_mut().poll(cx))).await;
                if let Poll::Ready(answer) = polled {
                    answered(&f, said, answer);
                }
            }
            call_begun(&f, &s, Said(1, 2), What::Answer).await;
            call(&f, &s, Said(1, 3), What::Answer).await;
        });
        gate.open();
        join([calls]);
    });
}

/// Timers fire at any moment, before the reply, after it, or together with it.
pub(crate) fn timeouts() {
    run(Timers::AtAnyMoment, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let desk = Desk::default();
        let (f, s, d) = (faults.clone(), server, desk.clone());
        let calls = client(async move {
            for nth in [1, 2] {
                let said = Said(1, nth);
                let leave = ByLoop(Ask(said, What::Leave(d.clone())));
                let answer = s.call(leave).timeout(Duration::from_secs(nth)).await;
                match answer {
                    Err(CallError::Timeout(_)) => {}
                    answer => answered(&f, said, answer),
                }
            }
            call(&f, &s, Said(1, 3), What::Answer).await;
        });
        let replies = client(async move {
            for _ in 0..2 {
                let (said, reply) = desk.take().await;
                reply.send(said);
            }
        });
        join([calls, replies]);
    });
}

/// Nobody replies: callers with deadlines of their own, who come one after the other or at once, are all woken in time.
pub(crate) fn unanswered() {
    run(Timers::AtAnyMoment, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let desk = Desk::default();
        let clients = [(1, 1), (2, 2_000)].map(|(by, millis)| {
            let (faults, server, desk) = (faults.clone(), server.clone(), desk.clone());
            client(async move {
                for nth in [1, 2] {
                    let leave = ByLoop(Ask(Said(by, nth), What::Leave(desk.clone())));
                    let call = server.call(leave).timeout(Duration::from_millis(millis));
                    match call.await {
                        Err(CallError::Timeout(_)) => {}
                        answer => {
                            faults.add(format!("nobody replied, and the answer is {answer:?}"));
                        }
                    }
                }
            })
        });
        join(clients);
    });
}

/// A reply handle is dropped in the `init` of another server, which then waits for something that its caller does.
pub(crate) fn dropped_in_init() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let (desk, gate) = (Desk::default(), Gate::default());
        let (f, d, g) = (faults.clone(), desk.clone(), gate.clone());
        let calls = client(async move {
            let leave = ByLoop(Ask(Said(1, 1), What::Leave(d)));
            let told = server.call(leave).no_timeout().await;
            if told != Err(CallError::NoReply) {
                f.add(format!("told {told:?} of a reply that was dropped"));
            }
            g.open();
            call(&f, &server, Said(1, 2), What::Answer).await;
        });
        let f = faults.clone();
        let starts = client(async move {
            let (_, reply) = desk.take().await;
            let args = Args {
                notes: Notes::new(&f),
                name: None,
                dropped: Some(reply),
                gate: Some(gate),
            };
            if start::<Probe<QUEUED>>(args).await.is_err() {
                f.add("it does not start");
            }
        });
        join([calls, starts]);
    });
}
