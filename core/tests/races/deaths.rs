//! Deaths: a caller of a server that dies gets an answer or the reason, and finds nothing half done.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use shuttle::future::block_on;
use suptree_core::checker::Timers;
use suptree_core::{ExitReason, Name, ServerRef, StartError, StopError, start};

use crate::desk::Gate;
use crate::harness::{Faults, client, join, run};
use crate::probe::{
    Args, Ask, ByLoop, GRACEFUL, IN_PLACE, Notes, Probe, Said, Server, What, answered_or, probe,
};

async fn talk<const K: u8>(
    faults: Faults,
    server: Server<K>,
    who: usize,
    is_reason: fn(&ExitReason) -> bool,
) {
    let said = Said(who, 1);
    let answer = server.call(Ask(said, What::Answer)).no_timeout().await;
    answered_or(&faults, said, answer, is_reason);
    let _maybe_sent = server.cast(Ask(Said(who, 2), What::Answer)).await;
    let said = Said(who, 3);
    let answer = server
        .call(ByLoop(Ask(said, What::Answer)))
        .no_timeout()
        .await;
    answered_or(&faults, said, answer, is_reason);
}

/// Whoever is told of an end finds it complete.
fn ended<const K: u8>(faults: &Faults, server: &Server<K>, notes: &Notes) {
    let ended = notes.ended.load(Ordering::Relaxed);
    if ended != 1 || server.is_alive() {
        faults.add(format!("told of the end, and {ended} states were dropped"));
    }
}

pub(crate) fn killed() {
    run(Timers::Never, |faults| {
        let (server, notes) = probe::<IN_PLACE>(faults);
        let down = server.monitor();
        let clients = [1, 2].map(|who| {
            let is_reason = |reason: &ExitReason| *reason == ExitReason::Killed;
            client(talk(faults.clone(), server.clone(), who, is_reason))
        });
        server.kill();
        let down = block_on(down);
        if down.reason != ExitReason::Killed {
            faults.add(format!("{down:?}"));
        }
        ended(faults, &server, &notes);
        join(clients);
    });
}

/// Signals and messages of one sender keep their order: what is sent after a kill is not handled.
pub(crate) fn ordered() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let is_reason = |reason: &ExitReason| *reason == ExitReason::Killed;
        let calls = client(talk(faults.clone(), server.clone(), 1, is_reason));
        let (faults, server) = (faults.clone(), server);
        let kills = client(async move {
            let _maybe_sent = server.cast(Ask(Said(2, 1), What::Answer)).await;
            server.kill();
            let call = ByLoop(Ask(Said(2, 2), What::Answer));
            if let Ok(said) = server.call(call).no_timeout().await {
                faults.add(format!("{said:?} was answered by a server that was killed"));
            }
        });
        join([calls, kills]);
    });
}

/// Two stop it at once, and others call.
pub(crate) fn stopped() {
    run(Timers::Never, |faults| {
        let (server, notes) = probe::<GRACEFUL>(faults);
        let is_reason = |reason: &ExitReason| *reason == ExitReason::Normal;
        let calls = client(talk(faults.clone(), server.clone(), 1, is_reason));
        let stops = [(), ()].map(|()| {
            let (faults, server, notes) = (faults.clone(), server.clone(), Arc::clone(&notes));
            client(async move {
                match server.stop().await {
                    Ok(()) => ended(&faults, &server, &notes),
                    // Dead already for everybody who asks, and perhaps not done with it.
                    Err(StopError::NoProc) => {}
                    Err(error) => faults.add(format!("a stop ended with {error}")),
                }
            })
        });
        join(stops);
        join([calls]);
    });
}

/// A caller crashes the server in place, or by the loop, while another one calls.
pub(crate) fn crashed() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<IN_PLACE>(faults);
        let is_reason = |reason: &ExitReason| matches!(reason, ExitReason::Panic(_));
        let (f, s) = (faults.clone(), server.clone());
        let crashes = client(async move {
            let crash = Ask(Said(1, 1), What::Crash);
            let answer = s.call(crash).no_timeout().await;
            if answer.is_ok() {
                f.add("a crash has an answer");
            }
            answered_or(&f, Said(1, 1), answer, is_reason);
        });
        let calls = [2, 3].map(|who| client(talk(faults.clone(), server.clone(), who, is_reason)));
        join([crashes]);
        join(calls);
    });
}

/// Exit signals to a server that traps them arrive, each once, among calls.
pub(crate) fn trapped() {
    run(Timers::Never, |faults| {
        let (server, notes) = probe::<GRACEFUL>(faults);
        let never = |_: &ExitReason| false;
        let calls = client(talk(faults.clone(), server.clone(), 1, never));
        let signals = [(), ()].map(|()| {
            let server = server.clone();
            client(async move { server.exit(ExitReason::Shutdown) })
        });
        join(signals);
        join([calls]);
        // Behind the signals, no matter who saw to them.
        join([client(talk(faults.clone(), server.clone(), 2, never))]);
        let exits = notes.exits.load(Ordering::Relaxed);
        if exits != 2 {
            faults.add(format!("{exits} exits arrived, not 2"));
        }
    });
}

/// Two start a server under one name, others call it by name meanwhile, and one kills the holder.
pub(crate) fn started() {
    const NAME: &str = "probe";
    run(Timers::Never, |faults| {
        // The first process of a run brings its node along.
        let _first = probe::<IN_PLACE>(faults);
        let gate = Gate::default();
        let starts = [1, 2].map(|_| {
            let args = Args {
                notes: Notes::new(faults),
                name: Some(Name::from_static(NAME)),
                dropped: None,
                gate: Some(gate.clone()),
            };
            let faults = faults.clone();
            client(async move {
                match start::<Probe<IN_PLACE>>(args).await {
                    Ok(_) | Err(StartError::AlreadyStarted(_)) => {}
                    Err(StartError::Init(ExitReason::Killed)) => {}
                    Err(error) => faults.add(format!("a start ended with {error:?}")),
                }
            })
        });
        let named = ServerRef::<Probe<IN_PLACE>>::named(Name::from_static(NAME));
        let is_reason = |reason: &ExitReason| *reason == ExitReason::Killed;
        let calls = client(talk(faults.clone(), named.clone(), 1, is_reason));
        gate.open();
        named.kill();
        join(starts);
        join([calls]);
    });
}
