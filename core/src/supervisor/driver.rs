//! The driver: carries out what the plan decides. One event after the other, with the supervisor's own hands.

pub(super) mod leftovers;
mod times;
mod dynamic;
mod give_up;
mod let_go;
mod partitions;
mod requests;
mod stop_child;
mod asked_by;
mod starting;
mod stop_children;
mod waiting;
pub(super) mod task;
#[cfg(test)]
mod tests;

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use crate::catch::Caught;
use crate::child::Restart;
use crate::exit_reason::ExitReason;
use crate::guard::Guarded;
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::process::{Process, Signal};
use crate::reply::abandoned::{self, AbandonedCalls};
use crate::reply::{CallError, ReplyTo};
use crate::rt;
use crate::start_error::StartError;
use crate::starting::Ready;
use crate::supervisor::child_spec::ChildSpec;
use crate::supervisor::driver::asked_by::AskedBy;
use crate::supervisor::driver::leftovers::Leftovers;
use crate::supervisor::driver::times::Times;
use crate::supervisor::driver::waiting::Waiting;
use crate::supervisor::inbox::{Event, ParentExit};
use crate::supervisor::offer::Offer;
use crate::supervisor::partition::ResizeError;
use crate::supervisor::plan::{ChildKey, Decision, Plan, RestartStep, RestartSteps};
use crate::supervisor::report::{self, ReportContext};
use crate::supervisor::request::TerminateChildError;
use crate::supervisor::specs::Specs;
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::supervisor::{ExtraArgs, Setup};

struct Driver {
    me: Arc<SupervisorProcess>,
    plan: Plan,
    specs: Specs,
    /// What dynamic children are given before their own arguments.
    extra: Option<Guarded<ExtraArgs>>,
    /// The child that is being started, and its start.
    starting: Option<(ChildKey, Arc<dyn Process>)>,
    ready: Option<Ready>,
    /// Restarts that wait: see [`Backoff`](crate::Backoff). One that has become needless is left to the plan, which does nothing about
    /// it, or to the next one of its child.
    delays: Times<ChildKey>,
    /// Children that are dead, and still drop what they hold: when they are let go.
    late: Times<Pid>,
    /// What is to be dropped elsewhere.
    leftovers: Leftovers,
    /// What it is asked to start, once it is a child: it goes back to the one who asked if it does not stay one.
    offer: Option<(ChildKey, Arc<Offer>)>,
    /// Who waits for the end of a child.
    asking: Option<Asking>,
    /// Who waits for the first children.
    starter: Option<ReplyTo<Result<(), StartError>>>,
    /// How a child has ended, or why it did not start again, where the supervisor is to end of that.
    last_end: Option<(ChildKey, String)>,
    /// It ends, and none of its children returns.
    last: bool,
    /// Its children are gone, or let go.
    ended: bool,
}

/// The reply to one who waits for the end of a child, or of several.
enum Asking {
    Terminate(ReplyTo<Result<(), TerminateChildError>>),
    Resize(ReplyTo<Result<usize, ResizeError>>),
}

/// That a supervisor ends, and for whom.
struct End {
    reason: ExitReason,
    /// A process that wants it, and waits for it.
    asker: Option<Pid>,
}

/// The life of a supervisor, from its first child to its end.
pub(super) async fn run(
    me: Arc<SupervisorProcess>,
    setup: Setup,
    starter: ReplyTo<Result<(), StartError>>,
) {
    let mut driver = Driver {
        me: Arc::clone(&me),
        plan: setup.plan,
        specs: Specs::new(),
        extra: setup.extra,
        starting: None,
        ready: None,
        delays: Times::default(),
        late: Times::default(),
        leftovers: Leftovers::default(),
        offer: None,
        asking: None,
        starter: Some(starter),
        last_end: None,
        last: false,
        ended: false,
    };
    let served = {
        let serve = pin!(Some(driver.serve(setup.children)));
        let mut serve = pin!(Caught::new(serve));
        poll_fn(|cx| {
            if me.header().exit_reason().is_some() {
                return Poll::Ready(Err(ExitReason::Killed));
            }
            // A kill interrupts whatever the supervisor waits for.
            if me.poll_killed(cx.waker()).is_ready() {
                return Poll::Ready(Err(ExitReason::Killed));
            }
            serve.as_mut().poll(cx)
        })
        .await
    };
    // What a kill interrupted has dropped the reply to a request: that is told when the supervisor has ended.
    let unanswered = AbandonedCalls::take(me.pid());
    let reason = match served {
        Ok(reason) => reason,
        // It was stuck, and is fenced: it has no children any more, but for those it has started since.
        Err(_) if me.header().exit_reason().is_some() => return,
        Err(reason) if planted(Bug::ChildrenOutliveKilledSupervisor) => reason,
        // A kill; or a bug of the crate's own, which costs the supervisor no more than that and is told as it is.
        Err(reason) => {
            if let ExitReason::Panic(_) = &reason {
                report::crashed(me.header(), &reason);
            }
            // An `init` that nobody polls any more is not to wait for the other children.
            driver.last = me.begin_end(driver.plan.has_ids());
            driver.interrupt_start();
            driver.stop_together(ExitReason::Killed, None).await;
            driver.give_up_start().await;
            if let Some((key, _)) = driver.offer
                && !planted(Bug::KilledNotGivenBack)
            {
                driver.forget_spec(key);
            }
            reason
        }
    };
    driver.ended = true;
    me.finish(&reason);
    // A starter that still waits hears of it when the process is gone and its name free. It does not wait for what the
    // children were to be started with to be dropped.
    drop(driver.starter.take());
    drop(driver.asking.take());
    abandoned::notify(me.pid());
    drop(unanswered);
}

impl Driver {
    async fn serve(&mut self, children: Vec<ChildSpec>) -> ExitReason {
        if let Err(error) = self.start_children(children).await {
            self.stop_all(None).await;
            // Told to stop meanwhile, it has stopped.
            let reason = self.me.take_stop().unwrap_or_else(|| {
                ExitReason::ShutdownWith(crate::text::text(format_args!("{error}")).into())
            });
            self.ended = true;
            self.me.finish(&reason);
            self.tell_starter(Err(error));
            return reason;
        }
        self.me.settle(false);
        self.tell_starter(Ok(()));
        loop {
            let runtime = &self.me.header().node.runtime;
            self.leftovers.drop_on(runtime, || self.me.has_events());
            let over = match self.next_event().await {
                Event::ParentExit(ParentExit { reason, asker }) => Some(End { reason, asker }),
                Event::ChildExit(pid, reason) => {
                    let over = self.child_exited(pid, reason).await;
                    over.map(End::by_itself)
                }
                // There is no point in an attempt that is interrupted.
                Event::TryAgain(key) if self.me.is_told_to_end() => {
                    self.me.try_again_later(key);
                    None
                }
                Event::TryAgain(key) => {
                    // Whatever else is ready has its turn first.
                    rt::yield_now().await;
                    match self.plan.try_again(key, rt::now()) {
                        Some(decision) => self.apply(key, decision).await.map(End::by_itself),
                        None => None,
                    }
                }
                Event::Request(request) => self.answer(request).await,
            };
            if let Some(End { reason, asker }) = over {
                self.stop_all(asker).await;
                return reason;
            }
            self.me.settle(self.plan.is_restarting());
        }
    }

    /// The next event. A restart whose time has come stands behind what waits already.
    async fn next_event(&mut self) -> Event {
        let me = Arc::clone(&self.me);
        let mut next = pin!(me.next());
        let runtime = &me.header().node.runtime;
        poll_fn(|cx| {
            self.poll_late(cx);
            while let Poll::Ready(key) = self.delays.poll_next(runtime, cx) {
                self.me.try_again_later(key);
            }
            next.as_mut().poll(cx)
        })
        .await
    }

    /// The restart of a child is left to another attempt: at once, or when its delay is over.
    fn try_again(&mut self, key: ChildKey) {
        match self.plan.delay(key, rt::now(), rt::random()) {
            Some(delay) => self.delays.set(key, rt::deadline(delay)),
            None => self.me.try_again_later(key),
        }
    }

    fn tell_starter(&mut self, result: Result<(), StartError>) {
        if let Some(starter) = self.starter.take() {
            starter.send_apart(result);
        }
    }

    async fn child_exited(&mut self, pid: Pid, reason: ExitReason) -> Option<ExitReason> {
        self.late.forget(pid);
        let Some((key, decision)) = self.plan.exited(pid, &reason, rt::now()) else {
            self.leftovers.leave_end(reason, None);
            return None;
        };
        let mut process = None;
        if let Some(child) = self.specs.get_mut(key) {
            process = child.process.take();
            if let Some(process) = &process {
                self.me.note_seen(key, process.header());
            }
            if child.restart_type() == Restart::Permanent || !reason.is_expected() {
                let printed = process
                    .as_ref()
                    .is_some_and(|process| process.header().course.is_printed());
                let prints = !reason.is_expected() && !printed;
                let context = ReportContext::ChildTerminated { prints };
                report::supervisor(self.me.header(), context, child, Some(pid), &reason);
            }
        }
        if matches!(decision, Decision::GiveUp | Decision::ShutDown) {
            self.note_last_end(key, &reason, process.as_deref());
        }
        self.leftovers.leave_end(reason, process);
        self.apply(key, decision).await
    }

    /// Does what was decided about a child. `Some`: the supervisor ends with this reason.
    async fn apply(&mut self, key: ChildKey, decision: Decision) -> Option<ExitReason> {
        match decision {
            Decision::Keep => self.me.note_back(key),
            Decision::Forget => {
                self.me.note_back(key);
                self.remove_child(key);
            }
            Decision::ShutDown => {
                self.note_shut_down(key);
                if self.plan.status(key).is_none() {
                    self.forget_spec(key);
                }
                return Some(ExitReason::Shutdown);
            }
            Decision::Restart(steps) => self.restart(steps).await,
            Decision::Wait => self.try_again(key),
            Decision::GiveUp => {
                self.report_giving_up(key);
                self.remove_child(key);
                if planted(Bug::GivesUpAbnormally) {
                    return Some(ExitReason::Killed);
                }
                return Some(ExitReason::Shutdown);
            }
        }
        None
    }

    /// Takes the steps of a restart. When a start fails the rest is left to the next attempt.
    async fn restart(&mut self, steps: RestartSteps) {
        self.me.count_restart();
        let mut waiting = Waiting::default();
        for step in steps {
            match step {
                RestartStep::Stop(_) if planted(Bug::GroupNotStopped) => {}
                RestartStep::Stop(key) => self.stop_child(key, &mut waiting, None).await,
                RestartStep::Start(key) => {
                    if let Err(error) = self.start(key, AskedBy::Supervisor).await {
                        self.note_failure(key, &error);
                        self.leftovers.leave_error(error);
                        self.plan.failed(key);
                        self.try_again(key);
                        if planted(Bug::GroupGoesOnAfterFailure) {
                            continue;
                        }
                        return;
                    }
                }
            }
        }
    }

    /// Forgets a child.
    fn remove_child(&mut self, key: ChildKey) {
        self.plan.forget(key);
        self.forget_spec(key);
    }

    /// Forgets the specification of a child.
    fn forget_spec(&mut self, key: ChildKey) {
        self.delays.forget(key);
        let Some(spec) = self.specs.remove(key) else {
            return;
        };
        match &self.offer {
            Some((offered, offer)) if *offered == key && !planted(Bug::FailedNotGivenBack) => {
                offer.give_back(spec);
            }
            _ => self.leftovers.leave_spec(spec),
        }
    }
}

impl Asking {
    /// It would wait for itself.
    fn refuse(self) {
        let would_deadlock = CallError::WouldDeadlock;
        match self {
            Self::Terminate(reply) => {
                reply.send_apart(Err(TerminateChildError::Call(would_deadlock)));
            }
            Self::Resize(reply) => reply.send_apart(Err(ResizeError::Call(would_deadlock))),
        }
    }
}

impl End {
    const fn by_itself(reason: ExitReason) -> Self {
        Self {
            reason,
            asker: None,
        }
    }
}

impl Drop for Driver {
    /// Dropped before its end, or fenced because it was stuck, nobody is left who would stop the children in order.
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let from = Some(self.me.pid());
        let children = self
            .specs
            .iter()
            .filter_map(|(_, child)| child.process.as_ref());
        let starting = self.starting.as_ref().map(|(_, process)| process);
        for process in children.chain(starting) {
            Arc::clone(process).signal(Signal::Exit {
                from,
                reason: ExitReason::Killed,
                linked: true,
            });
        }
    }
}
