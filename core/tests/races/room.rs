//! Room: many senders at a mailbox for one message. All get in while the server lives, and none is left behind when it dies.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use suptree_core::CastError;
use suptree_core::checker::Timers;

use crate::desk::Gate;
use crate::harness::{Faults, client, join, run};
use crate::probe::{Ask, Said, Server, TINY, What, call, cast, probe};

pub(crate) fn crowd() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<TINY>(faults);
        let clients = [1, 2, 3].map(|who| {
            let (faults, server) = (faults.clone(), server.clone());
            client(async move {
                cast(&faults, &server, Said(who, 1), What::Answer).await;
                cast(&faults, &server, Said(who, 2), What::Answer).await;
                call(&faults, &server, Said(who, 3), What::Answer).await;
            })
        });
        join(clients);
    });
}

/// Two messages and no more: the one that comes second finds the mailbox full for the first, or just not.
pub(crate) fn second() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<TINY>(faults);
        let clients = [1, 2].map(|who| {
            let (faults, server) = (faults.clone(), server.clone());
            client(async move {
                let passed = Gate::default();
                cast(&faults, &server, Said(who, 1), What::Open(passed.clone())).await;
                passed.passed().await;
            })
        });
        join(clients);
    });
}

/// The server waits meanwhile, and nothing is said after the casts that could help them.
pub(crate) fn busy() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<TINY>(faults);
        let gate = Gate::default();
        let (f, s, g) = (faults.clone(), server.clone(), gate.clone());
        let holds = client(async move { cast(&f, &s, Said(0, 1), What::Hold(g)).await });
        let clients = [1, 2].map(|who| {
            let (faults, server) = (faults.clone(), server.clone());
            client(async move {
                let passed = Gate::default();
                cast(&faults, &server, Said(who, 1), What::Answer).await;
                cast(&faults, &server, Said(who, 2), What::Open(passed.clone())).await;
                passed.passed().await;
            })
        });
        gate.open();
        join([holds]);
        join(clients);
    });
}

/// A sender gives up while it waits: another one must not miss its room for that.
pub(crate) fn given_up() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<TINY>(faults);
        let (f, s) = (faults.clone(), server.clone());
        let fills = client(async move {
            cast(&f, &s, Said(0, 1), What::Answer).await;
            cast(&f, &s, Said(0, 2), What::Answer).await;
        });
        let (f, s) = (faults.clone(), server.clone());
        let gives_up = client(async move {
            for nth in [1, 2] {
                let sent = s
                    .cast(Ask(Said(1, nth), What::Answer))
                    .timeout(Duration::MAX);
                let mut sent = pin!(sent);
                let polled = poll_fn(|cx| Poll::Ready(sent.as_mut().poll(cx))).await;
                if let Poll::Ready(Err(error)) = polled {
                    f.add(format!("not sent: {error}"));
                }
            }
        });
        let (f, s) = (faults.clone(), server.clone());
        let waits = client(async move {
            let passed = Gate::default();
            cast(&f, &s, Said(2, 1), What::Answer).await;
            cast(&f, &s, Said(2, 2), What::Open(passed.clone())).await;
            passed.passed().await;
        });
        join([fills, gives_up, waits]);
    });
}

/// One who comes while another waits, or was let in, is heard after it.
pub(crate) fn in_turn() {
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<TINY>(faults);
        let (f, s) = (faults.clone(), server.clone());
        let fills = client(async move {
            cast(&f, &s, Said(0, 1), What::Answer).await;
            cast(&f, &s, Said(0, 2), What::Answer).await;
        });
        let (f, s) = (faults.clone(), server.clone());
        let waits = client(async move {
            let sent = s.cast(Ask(Said(1, 1), What::Answer)).timeout(Duration::MAX);
            let mut sent = pin!(sent);
            let polled = poll_fn(|cx| Poll::Ready(sent.as_mut().poll(cx))).await;
            let (faults, server) = (f.clone(), s.clone());
            let comes_later = client(async move {
                cast(&faults, &server, Said(1, 2), What::Answer).await;
            });
            let sent = match polled {
                Poll::Ready(sent) => sent,
                Poll::Pending => sent.await,
            };
            if let Err(error) = sent {
                f.add(format!("not sent: {error}"));
            }
            join([comes_later]);
        });
        join([fills, waits]);
    });
}

/// The server is killed with a full mailbox, and senders who wait.
pub(crate) fn closed() {
    async fn send(faults: Faults, server: Server<TINY>, who: usize) {
        for nth in [1, 2] {
            let message = Ask(Said(who, nth), What::Hold(Gate::default()));
            let sent = server.cast(message).timeout(Duration::MAX).await;
            match sent {
                Ok(()) | Err(CastError::NoProc) => {}
                Err(error) => faults.add(format!("a cast ended with {error}")),
            }
        }
    }
    run(Timers::Never, |faults| {
        let (server, _notes) = probe::<TINY>(faults);
        let clients = [1, 2].map(|who| client(send(faults.clone(), server.clone(), who)));
        server.kill();
        join(clients);
    });
}
