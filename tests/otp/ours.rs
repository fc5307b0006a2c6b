//! Ours: the same scenario on the simulated runtime. Nothing goes on any more when its clock moves.

mod child;
mod tree;
mod world;

use std::time::Duration;

use suptree::{Context, ExitReason, GenServer, NoMessage, ServerRef, exit, sim, start};

use self::tree::Root;
use crate::scenario::{How, Id, Op, Scenario, Spec};
use crate::words;

/// No scenario takes so long, in virtual time, or so many steps.
const LONGEST: Duration = Duration::from_secs(600);
const MOST_POLLS: u64 = 1_000_000;

/// The trace of a scenario, under the schedule of a seed.
pub(crate) fn play(scenario: &Scenario, seed: u64) -> Vec<String> {
    world::begin(scenario.root.clone());
    let config = sim::Config::swarm(seed)
        .time_limit(LONGEST)
        .poll_limit(MOST_POLLS);
    let ops = scenario.ops.clone();
    let ran = config.run(async move {
        let mut trace = Vec::new();
        tell(ops, &mut trace).await;
        trace
    });
    world::end();
    ran.unwrap_or_else(|stuck| vec![format!("stuck: {stuck}")])
}

async fn tell(ops: Vec<Op>, trace: &mut Vec<String>) {
    let holder = start::<Holder>(()).await.expect("it starts");
    let begun = holder.cast(ToHolder::Begin).await;
    begun.expect("it lives");
    settle().await;
    let boot = world::with(|world| world.boot.take());
    trace.push(format!("= {}", boot.unwrap_or("no answer".into())));
    seen(trace).await;
    for op in ops {
        let answer = perform(op, &holder).await;
        settle().await;
        trace.push(format!("= {answer}"));
        seen(trace).await;
    }
    let _sent = holder.cast(ToHolder::Finish(ExitReason::Shutdown)).await;
    settle().await;
    trace.push("= finished".into());
    seen(trace).await;
}

/// Waits until everybody waits: the clock stands still while somebody does not.
async fn settle() {
    sim::sleep(Duration::from_millis(1)).await;
}

/// What was written down, who ended, and what the supervisors say of their children.
async fn seen(trace: &mut Vec<String>) {
    let (log, gone) = world::take();
    trace.extend(log);
    trace.extend(gone);
    for (id, supervisor) in world::supervisors() {
        if !supervisor.is_alive() {
            continue;
        }
        let children = words::children(supervisor.which_children().await, world::name_of);
        let counts = words::counts(supervisor.count_children().await);
        trace.push(format!("tree {}{children}{counts}", words::id(id)));
    }
}

/// An answer that is a list.
fn list(answer: String) -> String {
    if answer.is_empty() || answer.starts_with(' ') {
        format!("list{answer}")
    } else {
        answer
    }
}

/// One operation, and what came of it.
async fn perform(op: Op, holder: &ServerRef<Holder>) -> String {
    match op {
        Op::Finish(reason) => {
            let sent = holder.cast(ToHolder::Finish(words::exit_reason(reason)));
            let _sent = sent.await;
            "ok".into()
        }
        Op::Hold(at, ends, requests) => hold(at, ends, requests).await,
        Op::Linger(id, op, ends, requests) => linger(id, *op, ends, requests).await,
        op => ask(op).await,
    }
}

async fn ask(op: Op) -> String {
    match op {
        Op::Next(id, outcomes) => {
            world::with(|world| world.next.insert(id, outcomes.into()));
            "ok".into()
        }
        Op::Exit(id, how) => end(id, how).await,
        Op::Stop(id, reason) => match world::supervisor(id) {
            Some(supervisor) => words::stopped(supervisor.stop(words::exit_reason(reason)).await),
            None => NOBODY.into(),
        },
        Op::StartChild(at, spec) => match world::supervisor(at) {
            Some(supervisor) => supervisor.start_child(spec).await,
            None => NOBODY.into(),
        },
        Op::StartDynamic(at, id) => match world::supervisor(at) {
            Some(supervisor) => supervisor.start_dynamic(id).await,
            None => NOBODY.into(),
        },
        Op::Terminate(at, id) => match world::supervisor(at) {
            Some(supervisor) => supervisor.terminate(id).await,
            None => NOBODY.into(),
        },
        Op::TerminateDynamic(at, id) => match (world::pid(id), world::supervisor(at)) {
            (Some(pid), Some(supervisor)) => supervisor.terminate_dynamic(pid).await,
            _ => NOBODY.into(),
        },
        Op::Which(at) => match world::supervisor(at) {
            Some(supervisor) => {
                let children = supervisor.which_children().await;
                list(words::children(children, world::name_of))
            }
            None => NOBODY.into(),
        },
        Op::Count(at) => match world::supervisor(at) {
            Some(supervisor) => list(words::counts(supervisor.count_children().await)),
            None => NOBODY.into(),
        },
        Op::Restart(at, id) => match world::supervisor(at) {
            Some(supervisor) => supervisor.restart_child(id).await,
            None => NOBODY.into(),
        },
        Op::Delete(at, id) => match world::supervisor(at) {
            Some(supervisor) => supervisor.delete_child(id).await,
            None => NOBODY.into(),
        },
        Op::Specification(at, id) => match world::supervisor(at) {
            Some(supervisor) => list(supervisor.get_childspec(id).await),
            None => NOBODY.into(),
        },
        Op::Finish(_) | Op::Hold(..) | Op::Linger(..) => unreachable!("no request"),
    }
}

/// There never was a process of this id.
const NOBODY: &str = "nobody";

async fn end(id: Id, how: How) -> String {
    let Some(pid) = world::pid(id) else {
        return NOBODY.into();
    };
    match how {
        How::Signal(reason) => exit(pid, words::exit_reason(reason)),
        how => world::tell(id, how).await,
    }
    "ok".into()
}

/// The supervisor starts a child that does not get through its `init` before all has happened that it is to find. The start
/// fails then, and nothing is left of it.
async fn hold(at: Id, ends: Vec<(Id, How)>, requests: Vec<Op>) -> String {
    let Some(supervisor) = world::supervisor(at) else {
        return NOBODY.into();
    };
    world::with(|world| world.gate = false);
    let gate = sim::spawn(async move { supervisor.start_held().await });
    settle().await;
    let mut answers = end_all(ends).await;
    let asked = ask_all(requests).await;
    world::with(|world| world.gate = true);
    let _failed = gate.await;
    answers.extend(answers_of(asked).await);
    format!("held {}", answers.concat())
}

/// The `terminate` of a child waits meanwhile.
async fn linger(id: Id, op: Op, ends: Vec<(Id, How)>, requests: Vec<Op>) -> String {
    world::with(|world| world.lingers = Some(id));
    let mut asked = ask_all(vec![op]).await;
    let mut answers = end_all(ends).await;
    asked.extend(ask_all(requests).await);
    world::with(|world| world.lingers = None);
    answers.extend(answers_of(asked).await);
    format!("lingered {}", answers.concat())
}

/// One after the other.
async fn end_all(ends: Vec<(Id, How)>) -> Vec<String> {
    let mut answers = Vec::new();
    for (id, how) in ends {
        answers.push(end(id, how).await + ", ");
        settle().await;
    }
    answers
}

/// A task for each request. They are sent one after the other.
async fn ask_all(requests: Vec<Op>) -> Vec<sim::JoinHandle<String>> {
    let mut asked = Vec::new();
    for request in requests {
        asked.push(sim::spawn(ask(request)));
        settle().await;
    }
    asked
}

async fn answers_of(asked: Vec<sim::JoinHandle<String>>) -> Vec<String> {
    let mut answers = Vec::new();
    for asked in asked {
        let answer = asked.await.unwrap_or_else(|error| format!("{error:?}"));
        answers.push(answer + ", ");
    }
    answers
}

/// The root's parent.
struct Holder;

enum ToHolder {
    Begin,
    Finish(ExitReason),
}

impl GenServer for Holder {
    type Args = ();
    type Call = NoMessage;
    type Cast = ToHolder;
    type Info = NoMessage;
    type Client = ServerRef<Self>;

    const OPTIONS: suptree::ServerOptions = suptree::ServerOptions::new().trap_exit(true);

    async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        Ok(Self)
    }

    async fn handle_cast(
        &mut self,
        cast: ToHolder,
        cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        match cast {
            ToHolder::Begin => {
                let boot = match Root::start().await {
                    Ok(()) => "ok".into(),
                    Err(error) => format!("error {}", words::start_error(&error)),
                };
                world::with(|world| world.boot = Some(boot));
            }
            ToHolder::Finish(reason) => cx.stop(reason),
        }
        Ok(())
    }

    async fn handle_exit(
        &mut self,
        _from: suptree::Pid,
        _reason: ExitReason,
        _cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        Ok(())
    }
}

/// What the root is.
fn root() -> Spec {
    world::with(|world| world.root.clone())
}
