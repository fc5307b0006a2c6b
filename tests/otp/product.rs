//! The full product: strategy, restart type, how the child ends, which of three it is, what the others are; and each again
//! where the supervisor may restart nobody.

use suptree::{AutoShutdown, Restart, Strategy};

use crate::scenario::{How, Kind, Op, Outcome, ROOT, Reason, Scenario, Spec, Worker};

pub(crate) const STRATEGIES: [Strategy; 3] = [
    Strategy::OneForOne,
    Strategy::OneForAll,
    Strategy::RestForOne,
];
pub(crate) const RESTARTS: [Restart; 3] =
    [Restart::Permanent, Restart::Transient, Restart::Temporary];
pub(crate) const HOWS: [How; 10] = [
    How::Stop(Reason::Normal),
    How::Stop(Reason::Shutdown),
    How::Stop(Reason::ShutdownWith),
    How::Stop(Reason::Boom),
    How::Stop(Reason::Kill),
    How::Panic,
    How::Signal(Reason::Shutdown),
    How::Signal(Reason::ShutdownWith),
    How::Signal(Reason::Boom),
    How::Signal(Reason::Kill),
];

pub(crate) fn all() -> Vec<Scenario> {
    let mut all = Vec::new();
    for strategy in STRATEGIES {
        for restart in RESTARTS {
            for how in HOWS {
                for position in 0..3 {
                    for others in RESTARTS {
                        for max_restarts in [0, 1] {
                            let traps = position != 1;
                            let children = (0..3).map(|at| {
                                let restart = if at == position { restart } else { others };
                                worker(at + 1, restart, traps == (at == position))
                            });
                            let root = fixed(strategy, max_restarts, children.collect());
                            let dies = Op::Exit(position + 1, how);
                            let ops = vec![dies.clone(), dies, Op::Stop(ROOT, Reason::Normal)];
                            all.push(Scenario { root, ops });
                        }
                    }
                }
            }
        }
    }
    all.extend(dynamic());
    all.extend(significant());
    all.extend(pairs());
    all
}

/// Two of three children end at one time: strategy, what ends the supervisor by itself, which two, their restart types, how the
/// second ends, and whether the restart of the first fails once.
fn pairs() -> Vec<Scenario> {
    let mut all = Vec::new();
    let autos = [
        AutoShutdown::Never,
        AutoShutdown::AnySignificant,
        AutoShutdown::AllSignificant,
    ];
    for strategy in STRATEGIES {
        for auto_shutdown in autos {
            for (first, second) in [(1, 2), (2, 1), (3, 1)] {
                for restarts in RESTARTS
                    .map(|first| RESTARTS.map(|second| (first, second)))
                    .concat()
                {
                    for how in [How::Stop(Reason::Normal), How::Signal(Reason::Kill)] {
                        for fails in [false, true] {
                            let children = (1..=3).map(|id| {
                                let restart = match id {
                                    id if id == first => restarts.0,
                                    id if id == second => restarts.1,
                                    _ => Restart::Permanent,
                                };
                                let may = auto_shutdown != AutoShutdown::Never;
                                Spec {
                                    significant: may && restart != Restart::Permanent,
                                    ..worker(id, restart, id == 2)
                                }
                            });
                            let kind = Kind::Supervisor {
                                strategy,
                                max_restarts: 3,
                                auto_shutdown,
                                children: children.collect(),
                            };
                            let killed = How::Signal(Reason::Kill);
                            let ends = vec![(first, killed), (second, how)];
                            let fails = if fails { vec![Outcome::Fail] } else { vec![] };
                            let ops = vec![
                                Op::Next(first, fails),
                                Op::Hold(
                                    ROOT,
                                    ends,
                                    vec![Op::Which(ROOT), Op::Restart(ROOT, first)],
                                ),
                                Op::Stop(ROOT, Reason::Normal),
                            ];
                            let root = supervisor(ROOT, kind);
                            all.push(Scenario { root, ops });
                        }
                    }
                }
            }
        }
    }
    all
}

/// Of significant children: when they end the supervisor, restart type, how the child ends, which of three it is, whether there is
/// another significant one. Then the others end, too.
fn significant() -> Vec<Scenario> {
    let mut all = Vec::new();
    for strategy in STRATEGIES {
        for auto_shutdown in [AutoShutdown::AnySignificant, AutoShutdown::AllSignificant] {
            for restart in [Restart::Transient, Restart::Temporary] {
                for how in HOWS {
                    for position in 0..3 {
                        for others in [false, true] {
                            let children = (0..3).map(|at| {
                                let restart = if at == position {
                                    restart
                                } else {
                                    Restart::Transient
                                };
                                let significant =
                                    at == position || (others && at == (position + 1) % 3);
                                Spec {
                                    significant,
                                    ..worker(at + 1, restart, at == 0)
                                }
                            });
                            let kind = Kind::Supervisor {
                                strategy,
                                max_restarts: 3,
                                auto_shutdown,
                                children: children.collect(),
                            };
                            let mut ops = vec![Op::Exit(position + 1, how)];
                            let next = |by| (position + by) % 3 + 1;
                            ops.push(Op::Exit(next(1), How::Stop(Reason::Normal)));
                            ops.push(Op::Exit(next(2), How::Stop(Reason::Normal)));
                            ops.push(Op::Exit(position + 1, How::Stop(Reason::Shutdown)));
                            let root = supervisor(ROOT, kind);
                            all.push(Scenario { root, ops });
                        }
                    }
                }
            }
        }
    }
    all
}

/// The same for children of a dynamic supervisor: restart type, how the child ends, which of three it is.
fn dynamic() -> impl Iterator<Item = Scenario> {
    RESTARTS.into_iter().flat_map(|restart| {
        HOWS.into_iter().flat_map(move |how| {
            (1..=3).map(move |dies| {
                let kind = Kind::Dynamic {
                    max_restarts: 1,
                    restart,
                    worker: Worker {
                        brutal_kill: false,
                        traps: dies == 2,
                    },
                };
                let mut ops: Vec<_> = (1..=3).map(|id| Op::StartDynamic(ROOT, id)).collect();
                ops.extend([
                    Op::Exit(dies, how),
                    Op::Exit(dies, how),
                    Op::Stop(ROOT, Reason::Normal),
                ]);
                Scenario {
                    root: supervisor(ROOT, kind),
                    ops,
                }
            })
        })
    })
}

pub(crate) const fn worker(id: u32, restart: Restart, traps: bool) -> Spec {
    Spec {
        id,
        restart,
        significant: false,
        kind: Kind::Worker(Worker {
            brutal_kill: false,
            traps,
        }),
    }
}

pub(crate) const fn supervisor(id: u32, kind: Kind) -> Spec {
    Spec {
        id,
        restart: Restart::Permanent,
        significant: false,
        kind,
    }
}

pub(crate) const fn fixed(strategy: Strategy, max_restarts: u32, children: Vec<Spec>) -> Spec {
    let kind = Kind::Supervisor {
        strategy,
        max_restarts,
        auto_shutdown: AutoShutdown::Never,
        children,
    };
    supervisor(ROOT, kind)
}
