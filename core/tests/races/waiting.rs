//! Waiting handlers: what they wait for happens while they are polled, while somebody goes out, or never.

use suptree_core::ExitReason;
use suptree_core::checker::Timers;

use crate::desk::Gate;
use crate::harness::{client, join, run};
use crate::probe::{
    Ask, Begun, IN_PLACE, Said, What, answered_or, call, call_begun, call_by_loop, cast, probe,
};

/// A handler waits in a server that never had a task, and is woken.
pub(crate) fn woken() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let gate = Gate::default();
        let (f, s, g) = (faults.clone(), server.clone(), gate.clone());
        let waits = client(async move { call_by_loop(&f, &s, Said(1, 1), What::Hold(g)).await });
        let opens = client(async move { gate.open() });
        let (f, s) = (faults.clone(), server.clone());
        let calls = client(async move { call(&f, &s, Said(2, 1), What::Answer).await });
        join([waits, opens, calls]);
    });
}

/// As [`woken`], begun by the caller; the next caller finds the memory of the handler in use, or not.
pub(crate) fn begun() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let gate = Gate::default();
        let clients = [1, 2].map(|who| {
            let (faults, server, gate) = (faults.clone(), server.clone(), gate.clone());
            client(async move {
                call_begun(&faults, &server, Said(who, 1), What::Hold(gate)).await;
                call_begun(&faults, &server, Said(who, 2), What::Answer).await;
            })
        });
        gate.open();
        join(clients);
    });
}

/// One after the other, with casts that queue up meanwhile.
pub(crate) fn woken_again() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let gates = [Gate::default(), Gate::default()];
        let (f, s, g) = (faults.clone(), server.clone(), gates.clone());
        let waits = client(async move {
            for (nth, gate) in (1..).zip(g) {
                call_by_loop(&f, &s, Said(1, nth), What::Hold(gate)).await;
            }
        });
        let (f, s) = (faults.clone(), server.clone());
        let casts = client(async move {
            for (nth, gate) in (1..).zip(gates) {
                cast(&f, &s, Said(2, nth), What::Answer).await;
                gate.open();
            }
        });
        join([waits, casts]);
    });
}

/// The server is killed while a handler waits for what never happens.
pub(crate) fn killed() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let clients = [1, 2].map(|who| {
            let (faults, server) = (faults.clone(), server.clone());
            let what = if who == 1 {
                What::Hold(Gate::default())
            } else {
                What::Answer
            };
            client(async move {
                let answer = server
                    .call(Begun(Ask(Said(who, 1), what)))
                    .no_timeout()
                    .await;
                answered_or(&faults, Said(who, 1), answer, |reason| {
                    *reason == ExitReason::Killed
                });
            })
        });
        server.kill();
        join(clients);
    });
}
