//! Servers that are suspended while others call them in place, and ask them something of `sys`.

use std::sync::atomic::Ordering;

use suptree_core::checker::Timers;
use suptree_core::sys;

use crate::harness::{Faults, client, join, run};
use crate::probe::{IN_PLACE, Probe, QUEUED, Said, What, call, probe};

/// While it is suspended nothing is handled, what is asked before or then is answered, and nothing is lost.
fn held<const K: u8>() {
    run(Timers::Never, |faults| {
        let (server, notes) = probe::<K>(faults);
        let talks = {
            let (faults, server) = (faults.clone(), server.clone());
            client(async move {
                call(&faults, &server, Said(1, 1), What::Answer).await;
                call(&faults, &server, Said(1, 2), What::Answer).await;
            })
        };
        let asks = {
            let (faults, server) = (faults.clone(), server.clone());
            client(async move {
                let asked = sys::with_state(&server, |_: &Probe<K>| ());
                tell(&faults, asked.no_timeout().await.err());
            })
        };
        let holds = {
            let (faults, server, notes) = (faults.clone(), server.clone(), notes.clone());
            client(async move {
                tell(&faults, sys::suspend(&server).no_timeout().await.err());
                let before = notes.handled.load(Ordering::Relaxed);
                let asked = sys::with_state(&server, |_: &Probe<K>| ());
                tell(&faults, asked.no_timeout().await.err());
                let after = notes.handled.load(Ordering::Relaxed);
                if before != after {
                    faults.add("a suspended server handled a message");
                }
                // Whenever it was asked: it has its answer before it goes on.
                let _answered = asks.join();
                tell(&faults, sys::resume(&server).no_timeout().await.err());
            })
        };
        join([talks, holds]);
        let handled = notes.handled.load(Ordering::Relaxed);
        if handled != 2 {
            faults.add(format!("{handled} messages were handled, not 2"));
        }
    });
}

fn tell(faults: &Faults, error: Option<sys::SysError>) {
    if let Some(error) = error {
        faults.add(format!("what was asked of a server that lives: {error}"));
    }
}

pub(crate) fn in_place() {
    held::<IN_PLACE>();
}

pub(crate) fn queued() {
    held::<QUEUED>();
}

/// Asked while the server dies: there is an answer, or an error.
pub(crate) fn asked_as_it_dies() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let asks = [true, false].map(|suspends| {
            let server = server.clone();
            client(async move {
                if suspends {
                    let _may_be_dead = sys::suspend(&server).no_timeout().await;
                }
                let asked = sys::with_state(&server, |_: &Probe<IN_PLACE>| ());
                let _may_be_dead = asked.no_timeout().await;
            })
        });
        let down = server.monitor();
        server.kill();
        shuttle::future::block_on(down);
        join(asks);
    });
}
