//! The driver: carries out what the plan decides. Starts and stops children, answers requests.

use std::collections::{HashMap, HashSet};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use foldhash::fast::RandomState;

use crate::child::{ChildId, ChildType, Restart};
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::Process;
use crate::process::current;
use crate::process::pid::Pid;
use crate::reply::ReplyTo;
use crate::reply::abandoned;
use crate::rt;
use crate::start_error::StartError;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::children::Row;
use crate::supervisor::inbox::{Event, SupervisorProcess};
use crate::supervisor::plan::{Decision, Plan, Seat, Status};
use crate::supervisor::report::{self, Event as Report};
use crate::supervisor::request::{
    ChildCounts, ChildInfo, ChildState, Request, StartChildError, Target, TerminateChildError,
};
use crate::supervisor::{Kind, Setup};

pub(super) struct Driver {
    pub(super) me: Arc<SupervisorProcess>,
    pub(super) kind: Kind,
    pub(super) plan: Plan,
    pub(super) children: Row<ChildSpec>,
    /// Made when a child is first asked for by its id.
    ids: Option<HashMap<ChildId, Seat, RandomState>>,
    /// Who waits for the first children.
    started: Option<ReplyTo<Result<(), StartError>>>,
}

/// The life of a supervisor, from its first child to its end.
pub(super) async fn run(
    me: Arc<SupervisorProcess>,
    setup: Setup,
    started: ReplyTo<Result<(), StartError>>,
) {
    let mut driver = Driver {
        plan: Plan::new(setup.strategy, setup.intensity),
        me: Arc::clone(&me),
        kind: setup.kind,
        children: Row::new(),
        ids: None,
        started: None,
    };
    driver.started = Some(started);
    let reason = {
        let mut serve = pin!(driver.serve(setup.children));
        poll_fn(|cx| {
            // A kill interrupts whatever the supervisor waits for.
            if me.poll_killed(cx.waker()).is_ready() {
                return Poll::Ready(None);
            }
            serve.as_mut().poll(cx).map(Some)
        })
        .await
    };
    let reason = match reason {
        Some(reason) => reason,
        None if planted(Bug::ChildrenOutliveKilledSupervisor) => ExitReason::Killed,
        None => {
            driver.stop_together(ExitReason::Killed).await;
            driver.await_interrupted().await;
            ExitReason::Killed
        }
    };
    me.finish(&reason);
    // A starter that still waits hears of it when the process is gone and its name free.
    drop(driver);
}

impl Driver {
    async fn serve(&mut self, specs: Vec<ChildSpec>) -> ExitReason {
        if let Err(error) = self.boot(specs).await {
            let reason =
                ExitReason::ShutdownWith(crate::text::text(format_args!("{error}")).into());
            self.stop_all().await;
            self.me.finish(&reason);
            self.tell_starter(Err(error));
            return reason;
        }
        self.tell_starter(Ok(()));
        loop {
            let over = match self.me.next().await {
                Event::ParentExit(reason) => Some(reason),
                Event::ChildExit(pid, reason) => self.child_exited(pid, &reason).await,
                Event::TryAgain(seat) => {
                    // Whatever else is ready has its turn first.
                    rt::yield_now().await;
                    let decision = self.plan.try_again(seat, rt::now());
                    self.carry_out(decision).await
                }
                Event::Request(request) => self.answer(request).await,
            };
            if let Some(reason) = over {
                self.stop_all().await;
                return reason;
            }
        }
    }

    fn tell_starter(&mut self, result: Result<(), StartError>) {
        if let Some(started) = self.started.take() {
            started.send(result);
        }
    }

    /// Starts the children in order; the first that fails ends it.
    async fn boot(&mut self, specs: Vec<ChildSpec>) -> Result<(), StartError> {
        let mut ids = HashSet::with_capacity_and_hasher(specs.len(), RandomState::default());
        if let Some(twice) = specs.iter().find(|spec| !ids.insert(spec.id())) {
            return Err(StartError::DuplicateChild(twice.id().clone()));
        }
        drop(ids);
        self.plan.reserve(specs.len());
        self.me.header().node.reserve(specs.len());
        let restarts = specs.iter().map(ChildSpec::restart_type);
        let seats: Vec<_> = restarts.map(|restart| self.plan.add(restart)).collect();
        self.children.fill(specs);
        for seat in seats {
            if let Err(error) = self.start(seat).await {
                return Err(match self.unseat(seat) {
                    Some(child) => StartError::Child {
                        id: child.id().clone(),
                        error: Box::new(error),
                    },
                    None => error,
                });
            }
        }
        Ok(())
    }

    fn seat(&mut self, spec: ChildSpec) -> Seat {
        let seat = self.plan.add(spec.restart_type());
        if let Some(ids) = &mut self.ids {
            ids.insert(spec.id().clone(), seat);
        }
        self.children.push(seat, spec);
        seat
    }

    fn unseat(&mut self, seat: Seat) -> Option<ChildSpec> {
        self.plan.forget(seat);
        let child = self.children.remove(seat)?;
        if let Some(ids) = &mut self.ids {
            ids.remove(child.id());
        }
        Some(child)
    }

    fn seat_of(&mut self, id: &ChildId) -> Option<Seat> {
        let children = self.children.iter();
        let ids = self.ids.get_or_insert_with(|| {
            children
                .map(|(seat, child)| (child.id().clone(), seat))
                .collect()
        });
        ids.get(id).copied()
    }

    /// Starts the child of a seat, inside of this supervisor. Its parent's exit interrupts a slow `init`.
    async fn start(&mut self, seat: Seat) -> Result<Pid, StartError> {
        let Some(child) = self.children.get_mut(seat) else {
            return Err(StartError::Init(ExitReason::NoProc));
        };
        let mut starting = child.start(self.me.pid());
        let me = &self.me;
        let started = poll_fn(|cx| {
            if let Poll::Ready(started) = starting.as_mut().poll(cx) {
                return Poll::Ready(started);
            }
            if planted(Bug::SlowInitNotInterrupted) {
                return Poll::Pending;
            }
            me.poll_parent_exit(cx.waker())
                .map(|()| Err(StartError::Init(ExitReason::Shutdown)))
        })
        .await;
        drop(starting);
        match started {
            Ok(process) => {
                let pid = process.header().pid;
                child.process = Some(process);
                self.plan.started(seat, pid);
                report::progress(self.me.header(), child, pid);
                Ok(pid)
            }
            Err(error) => {
                report::supervisor(self.me.header(), Report::StartError, child, None, &error);
                let nested = child.child_type() == ChildType::Supervisor;
                if nested {
                    self.await_interrupted().await;
                }
                Err(error)
            }
        }
    }

    async fn child_exited(&mut self, pid: Pid, reason: &ExitReason) -> Option<ExitReason> {
        let seat = self.plan.seat(pid)?;
        if let Some(child) = self.children.get_mut(seat) {
            child.process = None;
            if child.restart_type() == Restart::Permanent || !reason.is_expected() {
                report::supervisor(
                    self.me.header(),
                    Report::ChildTerminated,
                    child,
                    Some(pid),
                    reason,
                );
            }
        }
        let mut decision = self.plan.exited(pid, reason, rt::now());
        if let (Decision::Keep(seat), Kind::Dynamic { .. }) = (&decision, self.kind) {
            decision = Decision::Forget(*seat);
        }
        self.carry_out(decision).await
    }

    /// `Some`: the supervisor ends with this reason.
    async fn carry_out(&mut self, decision: Decision) -> Option<ExitReason> {
        match decision {
            Decision::Ignore | Decision::Keep(_) => None,
            Decision::Forget(seat) => {
                self.unseat(seat);
                None
            }
            Decision::Restart(seat) => {
                self.me.count_restart();
                if self.start(seat).await.is_err() {
                    self.plan.failed(seat);
                    self.me.try_again_later(seat);
                }
                None
            }
            Decision::GiveUp(seat) => {
                if let Some(child) = self.children.get(seat) {
                    let reason = "reached_max_restart_intensity";
                    report::supervisor(self.me.header(), Report::Shutdown, child, None, &reason);
                }
                self.unseat(seat);
                Some(ExitReason::Shutdown)
            }
        }
    }

    async fn answer(&mut self, request: Request) -> Option<ExitReason> {
        match request {
            Request::WhichChildren(reply) => reply.send(self.which_children()),
            Request::CountChildren(reply) => reply.send(self.count_children()),
            Request::StartChild(spec, reply) => {
                let started = self.start_child(spec).await;
                reply.send(started);
            }
            Request::TerminateChild(target, reply) => {
                let terminated = self.terminate_child(&target).await;
                reply.send(terminated);
            }
            Request::Stop(reason) => return Some(reason),
        }
        None
    }

    async fn start_child(&mut self, spec: ChildSpec) -> Result<Pid, StartChildError> {
        match self.kind {
            Kind::Dynamic {
                max_children: Some(max),
            } if self.plan.count_kept() >= max => {
                return Err(StartChildError::MaxChildren);
            }
            Kind::Dynamic { .. } => {}
            Kind::Static => match self
                .seat_of(spec.id())
                .and_then(|seat| self.plan.status(seat))
            {
                Some(Status::Running(pid)) => return Err(StartChildError::AlreadyStarted(pid)),
                Some(_) => return Err(StartChildError::AlreadyPresent),
                None => {}
            },
        }
        let seat = self.seat(spec);
        match self.start(seat).await {
            Ok(pid) => Ok(pid),
            Err(error) => {
                self.unseat(seat);
                Err(StartChildError::Start(error))
            }
        }
    }

    async fn terminate_child(&mut self, target: &Target) -> Result<(), TerminateChildError> {
        let seat = match target {
            Target::Id(id) if self.kind == Kind::Static => self.seat_of(id),
            Target::Id(_) => None,
            Target::Pid(pid) => self.plan.seat_of_old(*pid),
        };
        let seat = seat.ok_or(TerminateChildError::NotFound)?;
        self.stop(seat).await;
        if self.plan.stopped(seat) || matches!(self.kind, Kind::Dynamic { .. }) {
            self.unseat(seat);
        }
        Ok(())
    }

    fn which_children(&self) -> Vec<ChildInfo> {
        let info = |(seat, status): (Seat, Status)| {
            let spec = self.children.get(seat)?;
            Some(ChildInfo {
                id: (self.kind == Kind::Static).then(|| spec.id().clone()),
                state: match status {
                    Status::Running(pid) => ChildState::Running(pid),
                    Status::Restarting(_) => ChildState::Restarting,
                    Status::Stopped => ChildState::Stopped,
                },
                child_type: spec.child_type(),
            })
        };
        self.plan.seats().filter_map(info).collect()
    }

    fn count_children(&self) -> ChildCounts {
        let mut counts = ChildCounts::default();
        for (_, child) in self.children.iter() {
            counts.specs += 1;
            let alive = child
                .process
                .as_ref()
                .is_some_and(|process| process.header().exit_reason().is_none());
            counts.active += usize::from(alive);
            match child.child_type() {
                ChildType::Worker => counts.workers += 1,
                ChildType::Supervisor => counts.supervisors += 1,
            }
        }
        counts
    }
}

/// The supervisor's task. Dropped before its end, the runtime is shutting down or the supervisor panicked.
pub(super) struct Task<F> {
    me: Arc<SupervisorProcess>,
    life: Pin<Box<F>>,
}

impl<F> Task<F> {
    pub(super) fn new(me: Arc<SupervisorProcess>, life: F) -> Self {
        Self {
            me,
            life: Box::pin(life),
        }
    }
}

impl<F: Future<Output = ()>> Future for Task<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let polled = {
            let _scope = current::enter(self.me.pid());
            self.life.as_mut().poll(cx)
        };
        abandoned::notify(self.me.pid());
        polled
    }
}

impl<F> Drop for Task<F> {
    fn drop(&mut self) {
        if self.me.header().exit_reason().is_none() {
            Arc::clone(&self.me).runtime_gone();
        }
    }
}
