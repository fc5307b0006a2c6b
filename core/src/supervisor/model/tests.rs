//! The rules of the model against the cases of the catalogue. Steps are compared as text, see [`text`].

use std::collections::BTreeMap;

use super::Restart::{Permanent, Temporary, Transient};
use super::Strategy::{Dynamic, OneForAll, OneForOne, RestForOne};
use super::*;

mod dynamic;
mod exits;
mod groups;
mod intensity;
mod requests;
mod retries;
mod significant;
mod whole;

const SECOND: Nanos = 1_000_000_000;
const FIXED: [Strategy; 3] = [OneForOne, OneForAll, RestForOne];

const fn spec(id: Id, restart: Restart) -> Spec {
    Spec {
        id,
        restart,
        significant: false,
        supervisor: false,
    }
}

/// Permanent children 1, 2, 3, ..
fn permanent(count: Id) -> Vec<Spec> {
    (1..=count).map(|id| spec(id, Permanent)).collect()
}

fn text(steps: &[Step]) -> String {
    let ids = |ids: &[Id]| ids.iter().map(|id| format!(" {id}")).collect::<String>();
    let words = steps.iter().map(|step| match step {
        Step::Stop(stopped) => format!("stop{}", ids(stopped)),
        Step::StopAtOnce(stopped) => format!("stop at once{}", ids(stopped)),
        Step::Start(id) => format!("start {id}"),
        Step::Forget(id) => format!("forget {id}"),
        Step::Keep(id) => format!("keep {id}"),
        Step::TryAgainLater(id) => format!("{id} later"),
        Step::GiveUp => "give up".into(),
        Step::AutoShutdown => "auto shutdown".into(),
        Step::Reply(Reply::Started(_)) => "reply: started".into(),
        Step::Reply(reply) => format!("reply: {reply:?}").to_lowercase(),
        Step::Ended(Ended::AsTold) => "ended as told".into(),
        Step::Ended(Ended::Shutdown) => "ended".into(),
        Step::Ended(Ended::FailedToStart(id)) => format!("ended, {id} failed"),
        Step::Ignored => "ignored".into(),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What a start function returns.
#[derive(Clone, Copy)]
enum Answer {
    Pid,
    Fails,
    Ignore,
}
use Answer::{Fails, Ignore};

/// The model, and a world in which children end when they are told to, and start functions succeed unless told otherwise.
struct World {
    model: Model,
    now: Nanos,
    /// What the next start functions return.
    answers: VecDeque<Answer>,
    next_pid: Pid,
    /// The latest process of each child.
    pids: BTreeMap<Id, Pid>,
}

impl World {
    /// Before its boot. Three restarts in five seconds.
    fn new(strategy: Strategy, specs: &[Spec]) -> Self {
        Self::significant(strategy, AutoShutdown::Never, specs)
    }

    fn significant(strategy: Strategy, auto_shutdown: AutoShutdown, specs: &[Spec]) -> Self {
        let flags = Flags {
            strategy,
            max_restarts: 3,
            period: 5 * SECOND,
            auto_shutdown,
            max_children: None,
        };
        Self {
            model: Model::new(flags, specs),
            now: 0,
            answers: VecDeque::new(),
            next_pid: 101,
            pids: BTreeMap::new(),
        }
    }

    /// With its children running.
    fn up(strategy: Strategy, specs: &[Spec]) -> Self {
        let mut world = Self::new(strategy, specs);
        world.boot();
        world
    }

    /// With this many children running.
    fn dynamic(restart: Restart, count: Id) -> Self {
        let mut world = Self::up(Dynamic, &[]);
        for id in 1..=count {
            world.event(Event::StartChild(spec(id, restart)));
        }
        world
    }

    fn max_restarts(mut self, max_restarts: usize) -> Self {
        self.model.flags.max_restarts = max_restarts;
        self
    }

    fn answer(&mut self, answers: &[Answer]) {
        self.answers.extend(answers);
    }

    fn boot(&mut self) -> String {
        let steps = self.model.boot();
        self.play(steps)
    }

    /// An event, and all that comes of it.
    fn event(&mut self, event: Event) -> String {
        let steps = self.model.handle(event, self.now);
        self.play(steps)
    }

    fn exit(&mut self, id: Id, reason: Reason) -> String {
        self.event(Event::Exited(self.pids[&id], reason))
    }

    fn crash(&mut self, id: Id) -> String {
        self.exit(id, Reason::Abnormal)
    }

    fn play(&mut self, steps: Vec<Step>) -> String {
        let mut all = Vec::new();
        let mut coming: VecDeque<Step> = steps.into();
        let mut try_again = VecDeque::new();
        loop {
            let Some(step) = coming.pop_front() else {
                let Some(id) = try_again.pop_front() else {
                    return text(&all);
                };
                coming.extend(self.model.handle(Event::TryAgain(id), self.now));
                continue;
            };
            match &step {
                Step::Stop(ids) | Step::StopAtOnce(ids) => {
                    for id in ids {
                        let end = Event::Exited(self.pids[id], Reason::Shutdown);
                        coming.extend(self.model.handle(end, self.now));
                    }
                }
                Step::Start(id) => {
                    let answer = self.answers.pop_front().unwrap_or(Answer::Pid);
                    let event = self.returned(*id, answer);
                    coming.extend(self.model.handle(event, self.now));
                }
                Step::TryAgainLater(id) => try_again.push_back(*id),
                _ => {}
            }
            all.push(step);
        }
    }

    fn returned(&mut self, id: Id, answer: Answer) -> Event {
        match answer {
            Answer::Pid => {
                let pid = self.next_pid;
                self.next_pid += 1;
                self.pids.insert(id, pid);
                Event::Started(id, pid)
            }
            Fails => Event::StartFailed(id),
            Ignore => Event::StartIgnored(id),
        }
    }

    // One event each, and the steps that follow from it at once.

    fn tell(&mut self, event: Event) -> String {
        text(&self.model.handle(event, self.now))
    }

    fn tell_exit(&mut self, id: Id) -> String {
        self.tell(Event::Exited(self.pids[&id], Reason::Abnormal))
    }

    fn tell_start(&mut self, id: Id, answer: Answer) -> String {
        let event = self.returned(id, answer);
        self.tell(event)
    }

    // What it looks like.

    fn process(&self, id: Id) -> Process {
        self.model.child(id).expect("a child").process
    }

    fn ids(&self) -> Vec<Id> {
        let children = self.model.which_children();
        children.iter().map(|child| child.spec.id).collect()
    }

    fn running(&self) -> Vec<Id> {
        let running = |id: &Id| matches!(self.process(*id), Process::Running(_));
        self.ids().into_iter().filter(running).collect()
    }

    /// How many more restarts it carries out. Uses them up.
    fn restarts_left(&mut self) -> usize {
        let mut left = 0;
        while !self.crash(self.running()[0]).starts_with("give up") {
            left += 1;
        }
        left
    }
}
