//! Order: messages of one sender are handled in order, each once, by one at a time, whichever way they take.

use std::sync::atomic::Ordering;

use suptree_core::checker::Timers;

use crate::desk::Gate;
use crate::harness::{Faults, client, join, run};
use crate::probe::{
    CASTS_TOO, IN_PLACE, QUEUED, Said, Server, What, call, call_begun, call_by_loop, cast, probe,
};

/// What the caller of an idle server does.
#[derive(Clone, Copy)]
enum Way {
    Run,
    Drive,
    Begin,
}

/// Two clients mix casts and calls; a last call finds all of it handled.
fn mix<const K: u8>(way: Way) {
    run(Timers::Never, |faults| {
        let (server, notes) = probe::<K>(faults);
        let clients = [1, 2].map(|who| client(talk(faults.clone(), server.clone(), who, way)));
        join(clients);
        join([client(last(faults.clone(), server))]);
        let handled = notes.handled.load(Ordering::Relaxed);
        if handled != 9 {
            faults.add(format!("{handled} messages were handled, not 9"));
        }
    });
}

async fn talk<const K: u8>(faults: Faults, server: Server<K>, who: usize, way: Way) {
    cast(&faults, &server, Said(who, 1), What::Answer).await;
    match way {
        Way::Run => call(&faults, &server, Said(who, 2), What::Answer).await,
        Way::Drive => call_by_loop(&faults, &server, Said(who, 2), What::Answer).await,
        Way::Begin => call_begun(&faults, &server, Said(who, 2), What::Answer).await,
    }
    cast(&faults, &server, Said(who, 3), What::Answer).await;
    call(&faults, &server, Said(who, 4), What::Answer).await;
}

async fn last<const K: u8>(faults: Faults, server: Server<K>) {
    call(&faults, &server, Said(0, 1), What::Answer).await;
}

pub(crate) fn in_place() {
    mix::<IN_PLACE>(Way::Run);
}

pub(crate) fn driven() {
    mix::<IN_PLACE>(Way::Drive);
}

pub(crate) fn begun() {
    mix::<IN_PLACE>(Way::Begin);
}

pub(crate) fn queued() {
    mix::<QUEUED>(Way::Run);
}

pub(crate) fn casts_in_place() {
    mix::<CASTS_TOO>(Way::Drive);
}

/// The first messages of a server that has no task yet: nothing but their own wake-ups help them.
pub(crate) fn first_messages() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let clients = [1, 2].map(|who| {
            let (faults, server) = (faults.clone(), server.clone());
            client(async move {
                for nth in [1, 2] {
                    let gate = Gate::default();
                    cast(&faults, &server, Said(who, nth), What::Open(gate.clone())).await;
                    gate.passed().await;
                }
            })
        });
        join(clients);
    });
}
