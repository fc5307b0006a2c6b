//! Whoever asks in a loop lets others run, and can be killed, also where the answer is there at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use suptree::{ChildSpec, ExitReason, ReplyTo, StopError, genserver, stopping};

use crate::support::{Boxed, Cx, Log, Plain, Probe, Server, Sup, act, does_async, get, start};

/// Asks the dead, in each way there is.
async fn ask_the_dead(way: usize, dead: &Server<Plain>, ended: &Sup) {
    match way {
        0 => drop(dead.call(get()).await),
        1 => drop(dead.cast(act(|_, _| {})).await),
        2 => drop(dead.monitor().await),
        3 => assert_eq!(dead.stop().await, Err(StopError::NoProc)),
        4 => drop(ended.count_children().await),
        5 => drop(ended.monitor().await),
        _ => start::<Plain>("again", &Log::new()).await.kill(),
    }
}

const WAYS: usize = 7;

async fn the_dead() -> (Server<Plain>, Sup) {
    let dead = start::<Plain>("dead", &Log::new()).await;
    dead.stop().await.unwrap();
    let ended = Sup::start(|spec| spec).await.unwrap();
    ended.stop().await.unwrap();
    (dead, ended)
}

#[tokio::test]
async fn r121_who_asks_the_dead_in_a_loop_lets_others_run() {
    for way in 0..WAYS {
        let (dead, ended) = the_dead().await;
        let over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&over);
        let asks = tokio::spawn(async move {
            while !seen.load(Ordering::Relaxed) {
                ask_the_dead(way, &dead, &ended).await;
            }
        });
        tokio::task::yield_now().await;
        over.store(true, Ordering::Relaxed);
        asks.await.unwrap();
    }
}

#[tokio::test]
async fn r121_a_handler_that_asks_the_dead_in_a_loop_can_be_killed() {
    for way in 0..WAYS {
        let (dead, ended) = the_dead().await;
        let server = start::<Plain>("a", &Log::new()).await;
        let handler = does_async(
            move |_: &mut Probe<Plain>, _: &mut Cx<Plain>| -> Boxed<'_, ()> {
                Box::pin(async move {
                    loop {
                        ask_the_dead(way, &dead, &ended).await;
                    }
                })
            },
        );
        let asked = server.clone();
        let call = tokio::spawn(async move { asked.call(handler).no_timeout().await });
        tokio::task::yield_now().await;
        server.kill();
        assert_eq!(
            call.await.unwrap(),
            Err(suptree::CallError::Exited(ExitReason::Killed))
        );
    }
}

/// Casts in a loop to a server whose mailbox is full get in for older ones, are refused, or are late at once: the server has its turn, too.
#[tokio::test]
async fn r387_who_casts_in_a_loop_to_a_full_mailbox_lets_its_server_run() {
    const MANY: usize = 1_000_000;
    macro_rules! server {
        ($name:ident: $($options:tt)*) => {
            #[derive(Default)]
            struct $name(Arc<AtomicBool>);

            #[genserver(mailbox = 2, $($options)*)]
            impl $name {
                #[init]
                fn init(handled: Arc<AtomicBool>) -> Self {
                    Self(handled)
                }

                #[cast]
                fn note(&self) {
                    self.0.store(true, Ordering::Relaxed);
                }

                #[call]
                fn ask(&self) {
                    self.0.store(true, Ordering::Relaxed);
                }
            }

            for way in 0..4 {
                let handled = Arc::new(AtomicBool::new(false));
                let server = $name::start(Arc::clone(&handled)).await.unwrap();
                for _ in 0..2 {
                    server.note().await.unwrap();
                }
                let mut round = 0;
                while round < MANY && !handled.load(Ordering::Relaxed) {
                    round += 1;
                    match way {
                        0 => drop(server.note().timeout(Duration::ZERO).await),
                        1 => drop(server.note().timeout(Duration::ZERO).keep_args().await),
                        2 => drop(server.note().timeout(Duration::ZERO).owned().await),
                        _ => drop(server.ask().timeout(Duration::ZERO).await),
                    }
                }
                assert!(round < MANY, "{} in way {way}", stringify!($name));
            }
        };
    }
    server!(Waits: full = wait);
    server!(Rejects: full = reject);
    server!(Drops: full = drop_oldest);
}

/// What a task, or who holds the reply of a call, waits for may be there already, again and again.
#[tokio::test]
async fn r222_who_waits_in_a_loop_for_what_is_over_lets_others_run() {
    const MANY: usize = 1_000_000;
    let others = || {
        let over = Arc::new(AtomicBool::new(false));
        let sets = Arc::clone(&over);
        tokio::spawn(async move { sets.store(true, Ordering::Relaxed) });
        move |_: &usize| over.load(Ordering::Relaxed)
    };

    let sup = Sup::start(|spec| spec).await.unwrap();
    let (tell, rounds) = tokio::sync::oneshot::channel();
    let mut tell = Some(tell);
    let task = move || {
        let tell = tell.take().unwrap();
        async move {
            stopping().await;
            let others = others();
            let mut round = 0;
            while round < MANY && !others(&round) {
                stopping().await;
                round += 1;
            }
            tell.send(round).unwrap();
        }
    };
    sup.start_child(ChildSpec::task("task", task))
        .await
        .unwrap();
    tokio::task::yield_now().await;
    sup.stop().await.unwrap();
    assert!(rounds.await.unwrap() < MANY);

    let server = Keeps::start().await.unwrap();
    let none = server.keep().timeout(Duration::from_millis(1)).await;
    assert!(none.is_err());
    let mut reply = server.take().await.unwrap().unwrap();
    let rounds = tokio::spawn(async move {
        let others = others();
        let mut round = 0;
        while round < MANY && !others(&round) {
            reply.closed().await;
            round += 1;
        }
        round
    });
    assert!(rounds.await.unwrap() < MANY);
}

#[derive(Default)]
struct Keeps(Option<ReplyTo<()>>);

#[genserver]
impl Keeps {
    #[call]
    fn keep(&mut self, reply: ReplyTo<()>) {
        self.0 = Some(reply);
    }

    #[call]
    fn take(&mut self) -> Option<ReplyTo<()>> {
        self.0.take()
    }
}
