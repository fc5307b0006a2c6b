//! The life of a program: its applications are started, run, and are stopped, and somebody else hears of signals meanwhile.
//!
//! Two futures on a runtime of their own, where nothing of a user's runs: what the program does, one thing after the other; and
//! around it what must not wait for that, the second signal and the bound.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::part::{AnyPart, Hooked, Launched, Work};
use super::report::{self, Which};
use crate::child::Restart;
use crate::exit_reason::ExitReason;
use crate::planted::{Bug, planted};
use crate::process::Process;
use crate::process::info;
use crate::process::monitor::{self, Monitor};
use crate::process::watch::Watch;
use crate::rt::program::{Joined, Kept, Runtimes, SystemSignal, SystemSignals};
use crate::rt::{self, Sleep};
use crate::start_error::StartError;
use crate::starting::Starting;
use crate::supervisor::SupervisorRef;
use crate::supervisor::supervisor_process::why;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Arc, Mutex, lock};

/// How long what blocks its thread holds up a program that has stopped.
const PATIENCE: Duration = Duration::from_secs(1);

/// How a program ends.
enum End {
    /// In order. `false`: something went wrong on the way.
    InOrder(bool),
    /// A second signal came.
    Now(SystemSignal, Option<Hook>),
    /// The time for the shutdown is over.
    Overdue(Option<Hook>),
}

/// A hook that runs.
#[derive(Clone, Copy)]
struct Hook {
    of: Which,
    name: &'static str,
    /// What has gone wrong, where it fails.
    failed: &'static str,
}

impl Hook {
    const fn on_ready(of: Which) -> Self {
        Self {
            of,
            name: "on_ready",
            failed: "failed in its `on_ready` hook",
        }
    }

    const fn prep_stop(of: Which) -> Self {
        Self {
            of,
            name: "prep_stop",
            failed: "did not prepare to stop",
        }
    }

    const fn stop(of: Which) -> Self {
        Self {
            of,
            name: "stop",
            failed: "did not finish its stop",
        }
    }
}

/// An application that was started.
struct Running {
    which: Which,
    part: Box<dyn AnyPart>,
    supervisor: SupervisorRef,
    process: Arc<dyn Process>,
    end: Monitor,
}

/// What a program does knows of signals, and the other way round.
#[derive(Default)]
struct Word {
    /// The program was told to stop.
    told: Arc<Watch>,
    /// It stops: its time runs.
    stops: AtomicBool,
    /// What runs of the program's own.
    hook: Mutex<Option<Hook>>,
}

/// Runs applications: starts them in this order, and stops them in the reverse.
pub(super) fn run(parts: Vec<Box<dyn AnyPart>>, limit: Duration) -> ExitCode {
    let runtimes = match Runtimes::new() {
        Ok(runtimes) => runtimes,
        Err(error) => return refused(&error),
    };
    let parts = parts.into_iter().map(|part| runtimes.keep(part)).collect();
    let end = runtimes.block_on(async {
        // Before there is anything to stop.
        let signals = SystemSignals::install()?;
        Ok(govern(&runtimes, signals, parts, limit).await)
    });
    let (code, patience) = match end {
        Ok(End::InOrder(true)) => (0, PATIENCE),
        Ok(End::InOrder(false)) => (1, PATIENCE),
        Ok(End::Now(signal, hook)) => {
            report_left(&runtimes, "was ended by a second signal", hook);
            let code = match signal {
                SystemSignal::Interrupt => 130,
                SystemSignal::Terminate => 143,
            };
            (code, Duration::ZERO)
        }
        Ok(End::Overdue(hook)) => {
            if !planted(Bug::OverdueNotTold) {
                report_left(&runtimes, "did not stop in time", hook);
            }
            (1, Duration::ZERO)
        }
        Err(error) => return refused(&error),
    };
    runtimes.shut_down(patience);
    ExitCode::from(code)
}

/// The system does not let the program begin.
fn refused(error: &std::io::Error) -> ExitCode {
    let why = crate::text::text(format_args!("cannot run: {error}"));
    report::program(&why, &[]);
    ExitCode::FAILURE
}

fn report_left(runtimes: &Runtimes, what: &str, hook: Option<Hook>) {
    let left = runtimes.inside(info::processes);
    let at = hook.map_or_else(String::new, |Hook { of, name, .. }| {
        let of = of.to_string();
        format!(", in the `{name}` hook of {}", of.trim_end_matches(','))
    });
    let with = if left.is_empty() {
        "no process is left"
    } else {
        "with these left"
    };
    report::program(&format!("{what}{at}, {with}"), &left);
}

/// Lives, and sees to what must not wait.
async fn govern(
    runtimes: &Runtimes,
    mut signals: SystemSignals,
    parts: Vec<Kept<Box<dyn AnyPart>>>,
    limit: Duration,
) -> End {
    let word = Word::default();
    let mut life = pin!(live(runtimes, &word, parts));
    let mut overdue: Option<Sleep> = None;
    let mut heard = false;
    poll_fn(|cx| {
        while let Poll::Ready(signal) = signals.poll(cx) {
            if std::mem::replace(&mut heard, true) && !planted(Bug::SecondSignalIgnored) {
                return Poll::Ready(End::Now(signal, *lock(&word.hook)));
            }
            word.told.down(ExitReason::Shutdown);
        }
        if let Poll::Ready(in_order) = life.as_mut().poll(cx) {
            return Poll::Ready(End::InOrder(in_order));
        }
        if overdue.is_none()
            && (heard || word.stops.load(Ordering::Relaxed))
            && !planted(Bug::ShutdownUnbounded)
        {
            overdue = rt::Runtime::try_current().map(|here| here.sleep_until(rt::deadline(limit)));
        }
        match &mut overdue {
            Some(overdue) => {
                ready!(Pin::new(overdue).poll(cx));
                Poll::Ready(End::Overdue(*lock(&word.hook)))
            }
            None => Poll::Pending,
        }
    })
    .await
}

/// What a program does. `false`: something went wrong.
async fn live(runtimes: &Runtimes, word: &Word, parts: Vec<Kept<Box<dyn AnyPart>>>) -> bool {
    let mut running = Vec::with_capacity(parts.len());
    let mut well = true;
    let alone = parts.len() == 1;
    for (part, number) in parts.into_iter().zip(1..) {
        let which = Which {
            number: (!alone).then_some(number),
            name: part.name(),
        };
        let starts = start(runtimes, word, which, part);
        match unless_one_ends(word, &mut running, starts).await {
            Ok(mut started) => {
                let tells = tell_ready(word, &mut started);
                running.push(started);
                let tells = hooked(runtimes, word, Hook::on_ready(which), tells);
                well = unless_one_ends(word, &mut running, tells).await;
            }
            Err(error) if !is_told(word) => {
                report::failed(which, "did not start", &*error);
                well = false;
            }
            Err(_interrupted) => {}
        }
        if !well || is_told(word) {
            break;
        }
    }
    if well {
        well = serve(runtimes, word, &mut running).await;
    }
    word.stops.store(true, Ordering::Relaxed);
    if planted(Bug::ApplicationsStopInStartOrder) {
        running.reverse();
    }
    // In the reverse of the start order.
    while let Some(stops) = running.pop() {
        well &= stop(runtimes, word, stops).await;
    }
    well
}

fn is_told(word: &Word) -> bool {
    word.told.is_down()
}

/// Does what is done before the program serves. Where an application ends meanwhile that the program does not go on without, it is
/// told to stop, which interrupts this.
async fn unless_one_ends<R>(
    word: &Word,
    running: &mut [Kept<Running>],
    work: impl Future<Output = R>,
) -> R {
    let mut work = pin!(work);
    poll_fn(|cx| {
        let mut ended = |app: &mut Kept<Running>| match poll_end(app, cx) {
            Poll::Ready(reason) => ends_program(app.part.restart(), &reason),
            Poll::Pending => false,
        };
        if !is_told(word) && running.iter_mut().any(&mut ended) {
            word.stops.store(true, Ordering::Relaxed);
            word.told.down(ExitReason::Shutdown);
        }
        work.as_mut().poll(cx)
    })
    .await
}

/// Whether a program ends with an application of this type that has ended for this reason.
fn ends_program(restart: Restart, reason: &ExitReason) -> bool {
    match restart {
        Restart::Permanent => true,
        Restart::Transient => *reason != ExitReason::Normal,
        Restart::Temporary => false,
    }
}

/// Starts an application. What tells the program to stop interrupts it.
async fn start(
    runtimes: &Runtimes,
    word: &Word,
    which: Which,
    part: Kept<Box<dyn AnyPart>>,
) -> Result<Kept<Running>, Kept<StartError>> {
    let gone = || runtimes.keep(StartError::Init(ExitReason::Killed));
    let launched = runtimes.spawn(part.into_inner().start()).await;
    let launched = launched.ok_or_else(gone)?.into_inner();
    let Launched {
        part,
        supervisor,
        starting: Starting { process, ready },
    } = launched.map_err(|error| runtimes.keep(error))?;
    let (told, stops) = (Arc::clone(&word.told), supervisor.clone());
    let running = runtimes.keep(Running {
        which,
        part,
        supervisor,
        end: monitor::watch(process.header()),
        process,
    });
    // Heard where it is started: a start that is through when the signal comes is not interrupted.
    let started = runtimes.spawn(async move {
        let mut ready = ready;
        let started = poll_fn(|cx| match ready.as_mut().poll(cx) {
            Poll::Ready(started) => Poll::Ready(Some(started)),
            Poll::Pending => told.poll(cx).map(|_told| None),
        });
        if let Some(started) = started.await {
            return started;
        }
        // It drops the start of the child that it is at, and stops the others in order.
        let _stopped = stops.stop_with(ExitReason::Shutdown).await;
        Err(StartError::Init(ExitReason::Shutdown))
    });
    let started = started.await.ok_or_else(gone)?.into_inner();
    started.map_err(|error| runtimes.keep(error))?;
    Ok(running)
}

/// What is to be done when all of an application runs. What tells the program to stop interrupts it.
fn tell_ready(word: &Word, app: &mut Running) -> Option<Work<Hooked>> {
    let mut hook = app.part.on_ready()?;
    let (told, ready) = (Arc::clone(&word.told), app.supervisor.ready());
    Some(Box::pin(async move {
        let mut ready = pin!(ready);
        let mut is_ready = false;
        poll_fn(|cx| {
            if told.poll(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
            if !is_ready {
                match ready.as_mut().poll(cx) {
                    Poll::Ready(Ok(())) => is_ready = true,
                    // That it has ended is seen to by others.
                    Poll::Ready(Err(_)) => return Poll::Ready(Ok(())),
                    Poll::Pending => return Poll::Pending,
                }
            }
            hook.as_mut().poll(cx)
        })
        .await
    }))
}

/// Waits until the program is told to stop, or an application ends that it does not go on without. `false`: that went wrong.
async fn serve(runtimes: &Runtimes, word: &Word, running: &mut Vec<Kept<Running>>) -> bool {
    let mut well = true;
    while !running.is_empty() {
        // Ends come first: one of them may be what has told the program to stop.
        let next = poll_fn(|cx| match poll_ends(running, cx) {
            Poll::Ready(ended) => Poll::Ready(Some(ended)),
            Poll::Pending => word.told.poll(cx).map(|_told| None),
        });
        let Some((at, reason)) = next.await else {
            return well;
        };
        let (ended, reason) = (&running[at], runtimes.keep(reason));
        let expected = *reason == ExitReason::Normal;
        if !expected {
            report::ended(ended.which, &reason, why(&*ended.process));
        }
        if ends_program(ended.part.restart(), &reason) {
            return well && expected;
        }
        well &= stop(runtimes, word, running.remove(at)).await;
    }
    well
}

/// Which application has ended, and why.
fn poll_ends(running: &mut [Kept<Running>], cx: &mut Context<'_>) -> Poll<(usize, ExitReason)> {
    for (at, app) in running.iter_mut().enumerate() {
        if let Poll::Ready(reason) = poll_end(app, cx) {
            return Poll::Ready((at, reason));
        }
    }
    Poll::Pending
}

fn poll_end(app: &mut Running, cx: &mut Context<'_>) -> Poll<ExitReason> {
    Pin::new(&mut app.end).poll(cx).map(|down| {
        // It may have ended before it was watched.
        let reason = app.process.header().exit_reason().cloned();
        reason.unwrap_or(down.reason)
    })
}

/// Stops an application, with its hooks around that; where it has ended, they are all that is left. `false`: a hook has failed.
async fn stop(runtimes: &Runtimes, word: &Word, mut app: Kept<Running>) -> bool {
    let which = app.which;
    let before = app.part.prep_stop();
    let mut well = hooked(runtimes, word, Hook::prep_stop(which), before).await;
    if planted(Bug::StopHookEarly) {
        let early = app.part.stop();
        well &= hooked(runtimes, word, Hook::stop(which), early).await;
    }
    // It may have ended by itself, for whatever reason: that was told.
    let stopped = app.supervisor.stop_with(ExitReason::Shutdown);
    let _ended = runtimes.spawn(stopped).await;
    let after = app.part.stop();
    well &= hooked(runtimes, word, Hook::stop(which), after).await;
    well
}

async fn hooked(runtimes: &Runtimes, word: &Word, hook: Hook, work: Option<Work<Hooked>>) -> bool {
    let Some(work) = work else { return true };
    let done: Joined<Hooked> = runtimes.spawn(work);
    *lock(&word.hook) = Some(hook);
    let done = done.await;
    *lock(&word.hook) = None;
    match done.as_deref() {
        Some(Err(reason)) => {
            report::failed(hook.of, hook.failed, reason);
            false
        }
        Some(Ok(())) | None => true,
    }
}
