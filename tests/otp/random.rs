//! Random scripts: a tree, and a dozen things that are done to it.

#[path = "../simulation/rng.rs"]
mod rng;

use std::collections::HashMap;

use suptree::{AutoShutdown, Restart};

use self::rng::Rng;
use crate::product::{HOWS, RESTARTS, STRATEGIES};
use crate::scenario::{How, Id, Kind, Op, Outcome, ROOT, Reason, Scenario, Spec, Worker};

/// The depth of a tree, at most.
const DEPTH: u32 = 3;
/// A child that there never was.
const STRANGER: Id = 99;
const REASONS: [Reason; 4] = [
    Reason::Normal,
    Reason::Shutdown,
    Reason::ShutdownWith,
    Reason::Boom,
];

impl Scenario {
    /// The script of a seed.
    pub(crate) fn random(seed: u64) -> Self {
        let mut script = Script::new(seed);
        let kind = match script.rng.below(8) {
            0 => script.dynamic(ROOT),
            _ => script.fixed(ROOT, 0),
        };
        let root = script.spec(ROOT, Restart::Permanent, kind);
        let length = 3 + script.rng.below(12);
        let mut ops: Vec<_> = (0..length).flat_map(|_| script.ops()).collect();
        ops.push(match script.rng.below(6) {
            0 => Op::Finish(script.rng.pick(&REASONS)),
            1 => Op::Exit(ROOT, How::Signal(Reason::Kill)),
            _ => Op::Stop(ROOT, script.rng.pick(&REASONS)),
        });
        Self { root, ops }
    }
}

/// A script that is being written.
struct Script {
    rng: Rng,
    next: Id,
    /// The workers of fixed supervisors.
    workers: Vec<Id>,
    /// The children of dynamic supervisors.
    dynamic_children: Vec<Id>,
    /// The fixed supervisors, with all the children that they were ever given.
    fixed: Vec<(Id, AutoShutdown, Vec<Spec>)>,
    dynamic: Vec<Id>,
    /// Whose child each is.
    homes: HashMap<Id, Id>,
}

impl Script {
    fn new(seed: u64) -> Self {
        Self {
            rng: Rng::new(seed, 17),
            next: ROOT + 1,
            workers: Vec::new(),
            dynamic_children: Vec::new(),
            fixed: Vec::new(),
            dynamic: Vec::new(),
            homes: HashMap::new(),
        }
    }

    // The tree.

    fn new_id(&mut self) -> Id {
        self.next += 1;
        self.next - 1
    }

    fn restart(&mut self) -> Restart {
        match self.rng.weighted(&[3, 2, 2]) {
            Some(at) => RESTARTS[at],
            None => Restart::Permanent,
        }
    }

    fn max_restarts(&mut self) -> u32 {
        self.rng.pick(&[0, 1, 2, 3, 5, 9, 9, 9, 9, 9])
    }

    const fn spec(&self, id: Id, restart: Restart, kind: Kind) -> Spec {
        Spec {
            id,
            restart,
            significant: false,
            kind,
        }
    }

    fn worker(&mut self) -> Worker {
        Worker {
            brutal_kill: self.rng.permille(200),
            traps: self.rng.permille(500),
        }
    }

    fn fixed(&mut self, id: Id, depth: u32) -> Kind {
        let at = self.fixed.len();
        let auto_shutdown = self.rng.pick(&[
            AutoShutdown::Never,
            AutoShutdown::Never,
            AutoShutdown::AnySignificant,
            AutoShutdown::AllSignificant,
        ]);
        self.fixed.push((id, auto_shutdown, Vec::new()));
        let count = self.rng.pick(&[0, 1, 2, 3, 3, 4, 4, 5]);
        let children: Vec<_> = (0..count)
            .map(|_| self.child(id, depth + 1, auto_shutdown))
            .collect();
        self.fixed[at].2 = children.clone();
        Kind::Supervisor {
            strategy: self.rng.pick(&STRATEGIES),
            max_restarts: self.max_restarts(),
            auto_shutdown,
            children,
        }
    }

    fn dynamic(&mut self, id: Id) -> Kind {
        self.dynamic.push(id);
        Kind::Dynamic {
            max_restarts: self.max_restarts(),
            restart: self.restart(),
            worker: self.worker(),
        }
    }

    fn child(&mut self, at: Id, depth: u32, auto_shutdown: AutoShutdown) -> Spec {
        let id = self.new_id();
        self.homes.insert(id, at);
        let kind = match self.rng.below(10) {
            0 | 1 if depth < DEPTH => self.fixed(id, depth),
            2 if depth < DEPTH => self.dynamic(id),
            _ => {
                self.workers.push(id);
                Kind::Worker(self.worker())
            }
        };
        let restart = self.restart();
        let may = auto_shutdown != AutoShutdown::Never && restart != Restart::Permanent;
        Spec {
            significant: may && self.rng.permille(600),
            ..self.spec(id, restart, kind)
        }
    }

    // What is done to it.

    fn ops(&mut self) -> Vec<Op> {
        let begun = self.next;
        let op = match self.rng.below(100) {
            0..=26 => {
                let (id, how) = self.end();
                Op::Exit(id, how)
            }
            27..=43 => self.hold(),
            44..=54 => self.linger(),
            55..=57 => match self.nested() {
                Some(id) => Op::Stop(id, self.rng.pick(&REASONS)),
                None => self.request(),
            },
            _ => self.request(),
        };
        let mut ops = Vec::new();
        // Starts that go wrong are of those that are about to be started, for the most part.
        if self.rng.permille(350) {
            let id = match &op {
                _ if self.rng.permille(200) => self.any_child(),
                Op::Exit(id, _) => *id,
                Op::Hold(_, ends, _) if !ends.is_empty() => {
                    ends[self.rng.below(ends.len() as u64) as usize].0
                }
                Op::StartChild(_, spec) => spec.id,
                _ if self.next > begun => begun,
                _ => self.any_child(),
            };
            // Supervisors start as their children do.
            let supervises = self.fixed.iter().any(|(fixed, ..)| *fixed == id);
            if !supervises && !self.dynamic.contains(&id) {
                ops.push(Op::Next(id, self.outcomes(id, id >= begun)));
            }
        }
        ops.push(op);
        ops
    }

    fn outcomes(&mut self, id: Id, is_new: bool) -> Vec<Outcome> {
        let length = 1 + self.rng.below(4);
        let outcomes = [
            Outcome::Fail,
            Outcome::Fail,
            Outcome::Panic,
            Outcome::Ok,
            Outcome::Ignore,
            Outcome::Ignore,
        ];
        // Of a restart that is ignored, Erlang makes a dynamic child without a process, and Elixir none (D63).
        let outcomes = match self.dynamic_children.contains(&id) {
            true if is_new && self.rng.permille(200) => return vec![Outcome::Ignore],
            true => &outcomes[..4],
            false => &outcomes[..],
        };
        (0..length).map(|_| self.rng.pick(outcomes)).collect()
    }

    /// A worker, wherever it is.
    fn any_child(&mut self) -> Id {
        let (fixed, dynamic) = (self.workers.len(), self.dynamic_children.len());
        match self.rng.below((fixed + dynamic).max(1) as u64) as usize {
            at if at < fixed => self.workers[at],
            at if at < fixed + dynamic => self.dynamic_children[at - fixed],
            _ => STRANGER,
        }
    }

    /// A supervisor that is not the root.
    fn nested(&mut self) -> Option<Id> {
        let all = self.fixed.iter().map(|(id, ..)| *id);
        let nested: Vec<_> = all
            .chain(self.dynamic.iter().copied())
            .filter(|id| *id != ROOT)
            .collect();
        (!nested.is_empty()).then(|| self.rng.pick(&nested))
    }

    /// Who ends, and how.
    fn end(&mut self) -> (Id, How) {
        if self.rng.permille(60)
            && let Some(id) = self.nested()
        {
            // Every signal but a kill is one that it traps.
            let reason = self.rng.pick(&[Reason::Kill, Reason::Kill, Reason::Boom]);
            return (id, How::Signal(reason));
        }
        self.end_of_child()
    }

    fn end_of_child(&mut self) -> (Id, How) {
        let id = self.any_child();
        let how = if self.rng.permille(400) {
            How::Signal(Reason::Kill)
        } else {
            self.rng.pick(&HOWS)
        };
        (id, how)
    }

    fn hold(&mut self) -> Op {
        let at = self.supervisor();
        let ends = 1 + self.rng.below(3);
        let ends = (0..ends).map(|_| self.end()).filter(|(id, _)| *id != at);
        let ends: Vec<_> = ends.collect();
        let requests = self.rng.below(4);
        let requests = (0..requests).map(|_| self.request());
        let mut requests: Vec<_> = requests.collect();
        // Of those that are about to be restarted, too.
        for (id, _) in &ends {
            let home = self.homes.get(id).copied();
            let fixed = |home: &Id| self.fixed.iter().any(|(fixed, ..)| fixed == home);
            if let Some(home) = home.filter(fixed)
                && self.rng.permille(400)
            {
                requests.push(match self.rng.below(3) {
                    0 => Op::Restart(home, *id),
                    1 => Op::Delete(home, *id),
                    _ => Op::Terminate(home, *id),
                });
            }
        }
        Op::Hold(at, ends, requests)
    }

    /// Nothing tells a supervisor to end while it waits for the child and has others to start: then ours starts them no more (D32).
    /// And nobody kills one: its end would wait for the child (D31). So all happens below the child's own supervisor.
    fn linger(&mut self) -> Op {
        let lingers = self.any_child();
        let op = match self.rng.below(3) {
            0 => self.request(),
            1 => Op::Exit(lingers, How::Stop(self.rng.pick(&REASONS))),
            _ => {
                let (id, how) = self.end_of_child();
                Op::Exit(id, how)
            }
        };
        let home = self.homes.get(&lingers).copied().unwrap_or(ROOT);
        let ends = self.rng.below(4);
        let ends = (0..ends).map(|_| self.end_of_child());
        let mut ends: Vec<_> = ends.collect();
        ends.retain(|(id, _)| self.is_below(*id, home));
        let requests = self.rng.below(4);
        let requests = (0..requests).map(|_| self.request());
        let mut requests: Vec<_> = requests.collect();
        requests.retain(|op| match op {
            Op::StartChild(at, _)
            | Op::StartDynamic(at, _)
            | Op::Terminate(at, _)
            | Op::TerminateDynamic(at, _)
            | Op::Restart(at, _)
            | Op::Delete(at, _)
            | Op::Specification(at, _)
            | Op::Which(at)
            | Op::Count(at) => *at == home || self.is_below(*at, home),
            _ => false,
        });
        Op::Linger(lingers, Box::new(op), ends, requests)
    }

    fn is_below(&self, id: Id, supervisor: Id) -> bool {
        let mut above = std::iter::successors(self.homes.get(&id), |id| self.homes.get(id));
        above.any(|above| *above == supervisor)
    }

    /// Mostly the root, which is there for longest.
    fn supervisor(&mut self) -> Id {
        if self.rng.permille(400) {
            return ROOT;
        }
        let at = self
            .rng
            .below((self.fixed.len() + self.dynamic.len()) as u64) as usize;
        match self.fixed.get(at) {
            Some((id, ..)) => *id,
            None => self.dynamic[at - self.fixed.len()],
        }
    }

    fn request(&mut self) -> Op {
        let at = self.supervisor();
        if self.rng.permille(150) {
            return Op::Which(at);
        }
        let Some(position) = self.fixed.iter().position(|(id, ..)| *id == at) else {
            return self.dynamic_request(at);
        };
        match self.rng.below(20) {
            0 => Op::Count(at),
            1..=5 => Op::StartChild(at, self.started(position)),
            6..=10 => Op::Restart(at, self.child_of(position)),
            11..=13 => Op::Delete(at, self.child_of(position)),
            14 => Op::Specification(at, self.child_of(position)),
            _ => Op::Terminate(at, self.child_of(position)),
        }
    }

    fn dynamic_request(&mut self, at: Id) -> Op {
        if self.rng.permille(650) || self.dynamic_children.is_empty() {
            let id = self.new_id();
            self.dynamic_children.push(id);
            self.homes.insert(id, at);
            return Op::StartDynamic(at, id);
        }
        // Perhaps one of another supervisor.
        let id = self.rng.pick(&self.dynamic_children);
        Op::TerminateDynamic(at, id)
    }

    /// A child for a fixed supervisor: a new one, or one that it was given before, with other options.
    fn started(&mut self, position: usize) -> Spec {
        let (at, auto_shutdown, children) = &self.fixed[position];
        let (at, auto_shutdown) = (*at, *auto_shutdown);
        if !children.is_empty() && self.rng.permille(600) {
            let at = self.rng.below(children.len() as u64) as usize;
            let mut again = children[at].clone();
            if let Kind::Worker(worker) = &mut again.kind {
                *worker = self.worker();
            }
            again.restart = self.restart();
            // Perhaps it makes no sense: then it is refused.
            again.significant = self.rng.permille(150);
            return again;
        }
        let spec = self.child(at, DEPTH - 1, auto_shutdown);
        self.fixed[position].2.push(spec.clone());
        spec
    }

    fn child_of(&mut self, position: usize) -> Id {
        let children = &self.fixed[position].2;
        if children.is_empty() || self.rng.permille(50) {
            return STRANGER;
        }
        children[self.rng.below(children.len() as u64) as usize].id
    }
}
