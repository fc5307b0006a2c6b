//! Calls that are answered beside their server: `#[call(task)]`.

use std::future::Future;
use std::pin::Pin;

use suptree::prelude::*;
use suptree::{ancestors, callers, processes};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::bomb::{Drops, Token};
use crate::support::{Oops, Reports, ms, oops, panic_text, poll_once, settle};

#[derive(Default)]
struct Fetcher {
    begun: u64,
    finished: Option<oneshot::Sender<()>>,
}

#[genserver]
impl Fetcher {
    #[call(task)]
    fn fetch(
        &mut self,
        n: u64,
        gate: oneshot::Receiver<()>,
        held: Token,
    ) -> impl Future<Output = Result<u64, Oops>> + use<> {
        self.begun += 1;
        let nth = self.begun;
        async move {
            let opened = gate.await;
            drop(held);
            opened.map(|()| n * 10 + nth).map_err(|_| Oops("closed"))
        }
    }

    #[call(task)]
    fn boxed(&self, cx: &mut Context<Self>) -> Pin<Box<dyn Future<Output = Vec<Pid>> + Send>> {
        let server = cx.pid();
        Box::pin(async move { [vec![server, self_pid()], callers(), ancestors()].concat() })
    }

    #[call(task)]
    fn crash(&self, late: bool) -> impl Future<Output = ()> + use<> {
        assert!(late, "in the handler");
        async { panic!("in the task") }
    }

    #[call(task)]
    fn finish(&mut self, after: std::time::Duration) -> impl Future<Output = u8> + use<> {
        let finished = self.finished.take();
        async move {
            tokio::time::sleep(after).await;
            drop(finished);
            7
        }
    }

    #[call(task)]
    fn last(&self, cx: &mut Context<Self>) -> impl Future<Output = ()> + use<> {
        cx.stop(ExitReason::Shutdown);
        std::future::pending()
    }

    #[call]
    fn tell(&mut self, finished: oneshot::Sender<()>) -> u64 {
        self.finished = Some(finished);
        self.begun
    }

    #[cast]
    fn fail(&self) -> Result<(), Oops> {
        Err(Oops("by itself"))
    }
}

/// A server with three calls that run beside it, and what they hold.
async fn three() -> (
    FetcherClient,
    Drops,
    Vec<oneshot::Sender<()>>,
    Vec<JoinHandle<Result<Result<u64, Oops>, CallError>>>,
) {
    let server = Fetcher::start().await.unwrap();
    let drops = Drops::default();
    let (mut gates, mut calls) = (Vec::new(), Vec::new());
    for n in 1..=3 {
        let (open, gate) = oneshot::channel();
        let call = server.fetch(n, gate, drops.token()).owned();
        gates.push(open);
        calls.push(tokio::spawn(call));
    }
    settle().await;
    (server, drops, gates, calls)
}

#[tokio::test(start_paused = true)]
async fn r343_many_calls_are_answered_beside_the_server_which_handles_others_meanwhile() {
    let (server, drops, gates, calls) = three().await;
    let (finished, _) = oneshot::channel();
    assert_eq!(server.tell(finished).await, Ok(3));
    assert!(!calls.iter().any(JoinHandle::is_finished));
    // In whatever order they are done.
    for (open, call) in gates.into_iter().zip(calls).rev() {
        open.send(()).unwrap();
        let answer = call.await.unwrap().unwrap().unwrap();
        assert_eq!(answer / 10, answer % 10);
    }
    settle().await;
    assert_eq!(drops.count(), 3);
    assert_eq!(processes().len(), 1, "nothing is left of them");
    assert!(server.is_alive());
}

#[tokio::test(start_paused = true)]
async fn r343_a_task_is_a_process_that_works_for_its_caller() {
    let server = Fetcher::start().await.unwrap();
    let pids = server.boxed().await.unwrap();
    assert_eq!(Some(pids[0]), server.pid());
    assert_ne!(pids[0], pids[1]);
    assert!(pids[2..].contains(&pids[0]), "{pids:?}");
}

#[tokio::test(start_paused = true)]
async fn r343_a_caller_that_gives_up_stops_nothing() {
    let server = Fetcher::start().await.unwrap();
    let (finished, is_finished) = oneshot::channel::<()>();
    server.tell(finished).await.unwrap();
    let late = server.finish(ms(100)).timeout(ms(10)).await;
    assert_eq!(late, Err(CallError::Timeout(ms(10))));
    drop(server.finish(ms(100)));
    is_finished.await.unwrap_err();
    assert_eq!(server.finish(ms(100)).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn r344_the_panic_of_a_task_ends_its_call_alone() {
    let reports = Reports::capture();
    let (server, ..) = three().await;
    let server = server.clone();
    let Err(CallError::Exited(reason)) = server.crash(true).await else {
        panic!("it tells the reason")
    };
    assert_eq!(panic_text(&reason), "in the task");
    assert!(server.is_alive());
    settle().await;
    assert_eq!(reports.errors().len(), 1, "{:?}", reports.errors());
    // What comes before the future is the handler, and a crash of the server.
    let end = server.monitor();
    let Err(CallError::Exited(reason)) = server.crash(false).await else {
        panic!("it tells the reason")
    };
    assert_eq!(panic_text(&reason), "in the handler");
    assert_eq!(end.await.reason, reason);
}

#[tokio::test(start_paused = true)]
async fn r344_tasks_end_with_their_server_whatever_it_ends_of() {
    for how in 0..5 {
        let (server, drops, _gates, calls) = three().await;
        let reason = match how {
            0 => {
                server.kill();
                ExitReason::Killed
            }
            1 => {
                server.stop().await.unwrap();
                ExitReason::Normal
            }
            2 => {
                server.exit(oops("by a signal"));
                oops("by a signal")
            }
            3 => {
                server.fail().await.unwrap();
                oops("by itself")
            }
            _ => {
                let told = server.last().await;
                assert_eq!(told, Err(CallError::Exited(ExitReason::Shutdown)));
                ExitReason::Shutdown
            }
        };
        for call in calls {
            assert_eq!(
                call.await.unwrap(),
                Err(CallError::Exited(reason.clone())),
                "{how}"
            );
        }
        settle().await;
        assert_eq!((drops.count(), processes().len()), (3, 0), "{how}");
    }
}

#[test]
fn r344_tasks_end_with_the_runtime_and_callers_on_another_are_told() {
    let build = || {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(2).enable_all().build().unwrap()
    };
    let (own, other) = (build(), build());
    let server = own.block_on(async { Fetcher::start().await }).unwrap();
    let drops = Drops::default();
    let (_open, gate) = oneshot::channel();
    let mut call = server.fetch(1, gate, drops.token()).no_timeout().owned();
    let (begun, is_begun) = oneshot::channel();
    let waits = other.spawn(async move {
        assert!(poll_once(&mut call).is_pending());
        begun.send(()).unwrap();
        call.await
    });
    other.block_on(is_begun).unwrap();
    let (finished, _) = oneshot::channel();
    assert_eq!(other.block_on(async { server.tell(finished).await }), Ok(1));
    drop(own);
    let told = other.block_on(waits).unwrap();
    assert!(
        matches!(told, Err(CallError::Exited(ExitReason::ShutdownWith(_)))),
        "{told:?}"
    );
    assert_eq!(drops.count(), 1);
}
