//! Who waits for whom, where a supervisor waits without limit: what it could never answer it refuses, and who waits no more is
//! no part of a circle.

use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use suptree::prelude::*;
use suptree::{
    CallError, Child, ChildSpec, DeleteChildError, GetChildSpecError, RestartChildError,
    StartChildError, SupervisorRef, TaskRef, TerminateChildError, stopping,
};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::support::{Log, ms};

/// What a supervisor is asked for. `Some`: the error.
#[derive(Clone, Copy, Debug)]
enum Request {
    Which,
    Count,
    Start,
    Restart,
    Delete,
    Spec,
    Terminate,
}

const REQUESTS: [Request; 7] = [
    Request::Which,
    Request::Count,
    Request::Start,
    Request::Restart,
    Request::Delete,
    Request::Spec,
    Request::Terminate,
];

impl Request {
    async fn ask(self, sup: &SupervisorRef) -> Option<CallError> {
        match self {
            Self::Which => sup.which_children().await.err(),
            Self::Count => sup.count_children().await.err(),
            Self::Start => {
                let started = sup.start_child(ChildSpec::task("new", pending::<()>)).await;
                match started {
                    Err(StartChildError::Call(error)) => Some(error),
                    _ => None,
                }
            }
            Self::Restart => match sup.restart_child("other").await {
                Err(RestartChildError::Call(error)) => Some(error),
                _ => None,
            },
            Self::Delete => match sup.delete_child("other").await {
                Err(DeleteChildError::Call(error)) => Some(error),
                _ => None,
            },
            Self::Spec => match sup.get_childspec("other").await {
                Err(GetChildSpecError::Call(error)) => Some(error),
                _ => None,
            },
            Self::Terminate => match sup.terminate_child("other").await {
                Err(TerminateChildError::Call(error)) => Some(error),
                _ => None,
            },
        }
    }
}

/// Asks for others.
struct Third(SupervisorRef);

#[genserver]
impl Third {
    #[init]
    fn init(sup: SupervisorRef) -> Self {
        Self(sup)
    }

    #[call]
    async fn ask(&mut self, request: Request) -> Option<CallError> {
        request.ask(&self.0).await
    }
}

/// What a child does, once it is told to go on: it waits for an answer of this supervisor.
#[derive(Clone)]
struct Asks {
    sup: SupervisorRef,
    third: Option<ThirdClient>,
    request: Request,
    goes_on: Arc<Notify>,
    log: Log,
}

impl Asks {
    async fn go(&self) {
        self.goes_on.notified().await;
        let error = match &self.third {
            Some(third) => third.ask(self.request).no_timeout().await.unwrap(),
            None => self.request.ask(&self.sup).await,
        };
        self.log.push(format!("{error:?}"));
    }
}

/// Has as long as it likes.
struct Asker(Asks);

#[genserver(shutdown = infinity)]
impl Asker {
    #[init]
    fn init(asks: Asks) -> Self {
        Self(asks)
    }

    #[cast]
    async fn go(&mut self) {
        self.0.go().await;
    }

    #[terminate]
    fn bye(&mut self) {
        self.0.log.push("terminate");
    }
}

supervisor! { Inner(asks: Asks) { strategy: one_for_one, children: [Asker(asks)] } }
supervisor! { All { strategy: one_for_all, children: [] } }

#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Server,
    Task,
    Grandchild,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    Stop,
    Terminate,
    Group,
}

async fn asks_while_it_is_stopped(request: Request, who: Who, how: How, through_a_third: bool) {
    let what = format!("{request:?} {who:?} {how:?} {through_a_third}");
    let app = All::start_link().await.unwrap();
    let sup = SupervisorRef::clone(&app).bound().unwrap();
    let third = Third::start(sup.clone()).await.unwrap();
    let asks = Asks {
        sup,
        third: through_a_third.then(|| third.clone()),
        request,
        goes_on: Arc::new(Notify::new()),
        log: Log::new(),
    };
    let (log, goes_on) = (asks.log.clone(), Arc::clone(&asks.goes_on));
    match who {
        Who::Server => {
            let asker = <Asker as Child>::vacant();
            let spec = <Asker as Child>::child_spec(&asker, "asker", asks);
            app.start_child(spec.restart(Restart::Temporary))
                .await
                .unwrap();
            asker.go().await.unwrap();
        }
        Who::Grandchild => {
            let inner = <Inner as Child>::vacant();
            let spec = <Inner as Child>::child_spec(&inner, "asker", asks);
            app.start_child(spec.restart(Restart::Temporary))
                .await
                .unwrap();
            inner.asker().go().await.unwrap();
        }
        Who::Task => {
            let task = move || {
                let asks = asks.clone();
                async move {
                    let _told = stopping();
                    asks.go().await;
                    asks.log.push("terminate");
                }
            };
            let spec = ChildSpec::task("asker", task).shutdown(Shutdown::Infinity);
            app.start_child(spec).await.unwrap();
        }
    }
    let other = TaskRef::vacant();
    let spec = other.child_spec("other", pending::<()>);
    app.start_child(spec.restart(Restart::Permanent))
        .await
        .unwrap();
    let asker = app.which_children().await.unwrap()[0].pid().unwrap();
    let end = suptree::monitor(asker);
    tokio::time::sleep(ms(20)).await;

    let began = Instant::now();
    let stopped: Pin<Box<dyn Future<Output = bool> + Send>> = match how {
        How::Stop => {
            let stopped = app.stop();
            Box::pin(async move { stopped.await.is_ok() })
        }
        How::Terminate => {
            let ended = app.terminate_child("asker");
            Box::pin(async move { ended.await.is_ok() })
        }
        How::Group => {
            other.kill();
            Box::pin(async { true })
        }
    };
    let stopped = tokio::spawn(stopped);
    tokio::time::sleep(ms(20)).await;
    // Who is in no circle waits on.
    let bystander = tokio::spawn(app.which_children());
    goes_on.notify_one();
    assert_eq!(end.await.reason, ExitReason::Shutdown, "{what}");
    assert!(began.elapsed() < Duration::from_secs(4), "{what}");
    assert!(stopped.await.unwrap(), "{what}");
    assert_eq!(log.all(), ["Some(WouldDeadlock)", "terminate"], "{what}");
    let answered = bystander.await.unwrap();
    assert_eq!(answered.is_ok(), how != How::Stop, "{what}");
    app.kill();
    app.monitor().await;
    assert!(third.is_alive(), "{what}");
    third.kill();
}

/// It waits for a child without limit, which waits for its answer: nobody would wait for ever in vain.
#[tokio::test(start_paused = true)]
async fn r223_d41_a_supervisor_that_waits_for_who_asks_it_refuses() {
    for request in REQUESTS {
        for who in [Who::Server, Who::Task, Who::Grandchild] {
            for how in [How::Stop, How::Terminate, How::Group] {
                asks_while_it_is_stopped(request, who, how, true).await;
                // One that itself asks for an end is interrupted (D40).
                if !matches!(request, Request::Terminate) {
                    asks_while_it_is_stopped(request, who, how, false).await;
                }
            }
        }
    }
}

/// Waits for others, for a while; then a task does, or nobody.
#[derive(Default)]
struct Hands(Option<Pin<Box<dyn Future<Output = ()> + Send>>>);

#[genserver(shutdown = infinity)]
impl Hands {
    #[call]
    async fn call(&mut self, ends: EndsClient, log: Log, keeps: bool) {
        let ends = ends.end_of_hands(log).no_timeout().owned();
        let mut call = Box::pin(async move { ends.await.unwrap() });
        let early = tokio::time::timeout(ms(50), &mut call).await;
        assert!(early.is_err());
        if keeps {
            self.0 = Some(call);
        } else {
            tokio::spawn(call);
        }
    }

    #[cast]
    async fn work(&mut self) {
        tokio::time::sleep(Duration::from_secs(3)).await;
    }

    #[terminate]
    fn bye(&mut self) {}
}

struct Ends(SupervisorRef);

#[genserver]
impl Ends {
    #[init]
    fn init(sup: SupervisorRef) -> Self {
        Self(sup)
    }

    #[call]
    async fn end_of_hands(&mut self, log: Log) {
        tokio::time::sleep(ms(200)).await;
        log.push(format!("{:?}", self.0.terminate_child("hands").await));
    }
}

async fn a_call_that_was_begun(keeps: bool) {
    let log = Log::new();
    let app = All::start_link().await.unwrap();
    let hands = <Hands as Child>::vacant();
    let spec = <Hands as Child>::child_spec(&hands, "hands", ());
    app.start_child(spec).await.unwrap();
    let ends = Ends::start(SupervisorRef::clone(&app)).await.unwrap();
    hands.call(ends, log.clone(), keeps).await.unwrap();
    let end = hands.monitor();
    hands.work().await.unwrap();
    assert_eq!(end.await.reason, ExitReason::Shutdown);
    while log.all().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(log.all(), ["Ok(())"]);
}

/// A handler begins a call, and leaves the rest of it to a task: it waits for nobody then.
#[tokio::test(start_paused = true)]
async fn r224_d41_a_call_that_was_handed_to_a_task_is_no_part_of_a_circle() {
    a_call_that_was_begun(false).await;
}

/// Nor does one that keeps what is left of it in its state.
#[tokio::test(start_paused = true)]
async fn r243_d41_a_call_that_is_kept_is_no_part_of_a_circle() {
    a_call_that_was_begun(true).await;
}
