//! Clients: tasks that call, cast, and do harm, one operation after the other.

use std::future::IntoFuture;
use std::pin::pin;
use std::time::Duration;

use suptree::{
    CastError, ExitReason, Restart, ServerRef, StartError, TrySendError, sim, start, whereis,
};

use crate::crowd;
use crate::line::in_turn;
use crate::liveness;
use crate::lives;
use crate::options::{Op, Options};
use crate::outcomes;
use crate::requests::{self, Ask};
use crate::restarts;
use crate::rng::Rng;
use crate::script::{Script, any_reason};
use crate::sending::{LONG, NEVER, any_target, give_up, make, send};
use crate::story;
use crate::supervision;
use crate::targets::{Target, with_kind, with_target};
use crate::worker::{WorkArgs, Worker, signal};
use crate::world::{self, fault, is_closing, millis, with};

pub(crate) struct Client {
    pub(crate) number: u64,
    pub(crate) rng: Rng,
    options: Options,
}

impl Client {
    pub(crate) fn new(seed: u64, number: u64, options: Options) -> Self {
        Self {
            number,
            rng: Rng::new(seed, 16 + number),
            options,
        }
    }

    /// Does one thing after the other, until there have been enough.
    pub(crate) async fn work(mut self) {
        for _ in 0..self.options.ops {
            if is_closing() {
                return;
            }
            let Some(op) = self.rng.weighted(&self.options.weights) else {
                return;
            };
            liveness::look();
            self.step(Op::ALL[op]).await;
            if self.rng.permille(300) {
                sim::yield_now().await;
            }
        }
    }

    async fn step(&mut self, op: Op) {
        with(|world| world.lives.client_acts());
        match op {
            Op::Call => {
                if let Some(target) = self.target() {
                    with_target!(&target, server => self.call(server).await);
                }
            }
            Op::Cast => {
                if let Some(target) = self.target() {
                    with_target!(&target, server => self.cast(server).await);
                }
            }
            Op::Burst => {
                if let Some(target) = self.target() {
                    for _ in 0..self.rng.below(24) {
                        if is_closing() {
                            return;
                        }
                        with_target!(&target, server => self.cast(server).await);
                    }
                }
            }
            Op::Crowd => {
                if let Some(target) = self.target() {
                    crowd::gather(&mut self.rng, &self.options, &target);
                }
            }
            Op::CallFresh => crowd::call_fresh(self.number, &mut self.rng).await,
            Op::Kill => {
                if let Some(pid) = lives::any(self.rng.next()) {
                    fault();
                    signal(pid, ExitReason::Kill);
                    if self.rng.permille(500) {
                        // R26: with nothing but itself in its way, a kill takes no time.
                        sim::sleep(millis(1)).await;
                        if with(|world| world.lives.living.contains_key(&pid)) {
                            world::fail(|| format!("R26: {pid} was killed a while ago, and lives"));
                        }
                    }
                }
            }
            Op::Exit => {
                if let Some(pid) = lives::any(self.rng.next()) {
                    fault();
                    signal(pid, any_reason(self.rng.next()));
                }
            }
            Op::Stop => {
                if let Some(target) = self.target() {
                    self.stop(&target).await;
                }
            }
            Op::Monitor => {
                if let Some(target) = self.target() {
                    self.monitor(&target);
                }
            }
            Op::StartPooled => supervision::start_pooled(&mut self.rng).await,
            Op::TerminatePooled => supervision::terminate_pooled(&mut self.rng).await,
            Op::AskSupervisor => supervision::ask(&mut self.rng).await,
            Op::AddChild => supervision::add_child(&mut self.rng).await,
            Op::KillSupervisor => supervision::kill(&mut self.rng),
            Op::StartNamed => self.start().await,
            Op::Check => lives::check(),
            Op::Pause => sim::sleep(millis(self.rng.pick(&[0, 1, 5, 20, 300]))).await,
        }
    }

    fn target(&mut self) -> Option<Target> {
        let found = any_target(self.rng.next())?;
        Some(if self.options.shared {
            found
        } else {
            found.unshared()
        })
    }

    fn part_of_a_milli(&mut self) -> Duration {
        Duration::from_nanos(1 + self.rng.below(999_999))
    }

    async fn call<const K: u8>(&mut self, server: &ServerRef<Worker<K>>) {
        let script = Script::draw(&mut self.rng, &self.options);
        let timeout = match self.rng.below(8) {
            0..3 => None,
            3 => Some(Duration::ZERO),
            // At a moment at which nothing else happens: the server may be ready at the same one, and too late.
            4 => Some(millis(1 + self.rng.below(30)) + self.part_of_a_milli()),
            5 => Some(millis(50 + self.rng.below(100)) + self.part_of_a_milli()),
            6 => Some(LONG),
            _ => Some(millis(5000)),
        };
        let patience = self.rng.permille(150).then(|| self.rng.below(4));
        let in_place = self.rng.permille(700);
        let made = make(self.number, script, server, timeout);
        with(|world| world.faults += u64::from(patience.is_some()));
        let (made, ask) = made;
        requests::made(&made);
        match send(ask, &made, server, in_place, patience).await {
            Some(outcome) => outcomes::ended(&made, &outcome),
            None => {
                requests::given_up(made.id);
                world::record(7);
            }
        }
    }

    async fn cast<const K: u8>(&mut self, server: &ServerRef<Worker<K>>) {
        let script = Script::draw(&mut self.rng, &self.options);
        let ask = Ask::new(self.number, script);
        let id = ask.id;
        let to = server.pid();
        requests::casts(id, to);
        let cast = if self.rng.permille(800) {
            server.cast(ask)
        } else {
            server.send(ask)
        };
        match self.rng.below(4) {
            0 => {
                if let Err(error) = cast.try_send() {
                    world::record(u64::from(error == TrySendError::Full));
                    requests::refused(id);
                }
            }
            1 => {
                // A cast that is dropped while it waits for room was not sent.
                fault();
                let polls = self.rng.below(3);
                match give_up(in_turn(id, server, cast), polls).await {
                    Some(Ok(())) => {}
                    Some(Err(_)) | None => requests::refused(id),
                }
            }
            _ => {
                let timeout = match self.rng.pick(&[0, 5, 40, 5000, u64::MAX]) {
                    0 => Duration::ZERO,
                    u64::MAX => NEVER,
                    // A moment at which nothing else happens.
                    time => millis(time) + Duration::from_nanos(self.rng.below(1_000_000)),
                };
                let until = sim::elapsed().saturating_add(timeout);
                let cast = in_turn(id, server, cast.timeout(timeout));
                match cast.await {
                    Ok(()) if !timeout.is_zero() && sim::elapsed() == until => {
                        world::fail(|| {
                            format!("R54: request {id} to {to:?} was let in by its own timer")
                        });
                    }
                    Ok(()) => {}
                    Err(CastError::Timeout(_)) if sim::elapsed() < until => {
                        world::fail(|| format!("a cast timed out too early: {id}"));
                    }
                    Err(error) => {
                        requests::refused(id);
                        if matches!(error, CastError::Timeout(_)) && !timeout.is_zero() {
                            requests::timed_out(id, to);
                        }
                    }
                }
            }
        }
        requests::given_up(id);
    }

    async fn stop(&mut self, target: &Target) {
        fault();
        let reason = any_reason(self.rng.next());
        let Some(pid) = target.pid() else {
            return;
        };
        let stopping = with_target!(target, server => {
            let stop = server.stop_with(reason);
            let polls = self.rng.permille(300).then(|| self.rng.below(3));
            let mut stop = pin!(stop);
            match polls {
                Some(polls) => give_up(stop.as_mut(), polls).await,
                None => Some(stop.await),
            }
        });
        if let Some(outcome) = stopping {
            world::record(u64::from(outcome.is_ok()));
            let gone = outcome == Err(suptree::StopError::NoProc) && lives::is_exiting(pid);
            if suptree::process_info(pid).is_some() && !gone {
                world::fail(|| format!("{pid} was stopped ({outcome:?}), but is in the table"));
            }
        }
    }

    /// R74: sets up a monitor that is waited for, or dropped, elsewhere.
    fn monitor(&mut self, target: &Target) {
        let monitor = with_target!(target, server => server.monitor());
        let pid = target.pid();
        if pid.is_some_and(|pid| pid != monitor.pid()) {
            world::fail(|| format!("a monitor of {pid:?} watches {}", monitor.pid()));
        }
        let polls = self.rng.permille(300).then(|| self.rng.below(4));
        story::watch(async move {
            let down = match polls {
                Some(polls) => give_up(monitor, polls).await,
                None => Some(monitor.await),
            };
            if let Some(down) = down {
                if pid.is_some_and(|pid| pid != down.pid) {
                    world::fail(|| {
                        format!("R74: the down of {} for a monitor of {pid:?}", down.pid)
                    });
                }
                lives::told(down.pid, &down.reason, "a monitor");
                lives::check();
            }
        });
    }

    /// Starts a server under one of the names that all fight for; sometimes the start is dropped on the way.
    async fn start(&mut self) {
        fault();
        let name = self.rng.below(u64::from(lives::NAMES)) as u32;
        let named = self.rng.permille(800);
        let seat = restarts::seat(Restart::Temporary);
        let args = WorkArgs {
            seat,
            name: named.then_some(name),
            position: None,
        };
        let timeout = self.rng.permille(300).then(|| millis(self.rng.below(5)));
        let polls = self.rng.permille(400).then(|| self.rng.below(3));
        let kind = self.rng.below(6);
        let started: Option<Result<Target, StartError>> = with_kind!(kind, K => {
            let starting = start::<Worker<K>>(args);
            let starting = match timeout {
                Some(timeout) => starting.timeout(timeout),
                None => starting,
            };
            let started = match polls {
                Some(polls) => give_up(starting.into_future(), polls).await,
                None => Some(starting.await),
            };
            started.map(|started| started.map(Target::from))
        });
        match started {
            Some(Ok(target)) => {
                story::add_target(100 + self.rng.below(6), target);
                return;
            }
            Some(Err(StartError::AlreadyStarted(holder)))
                // R72: the loser learns who won.
                if whereis(&name) != Some(holder) => {
                    world::fail(|| {
                        format!(
                            "R72: name {name} is said to be taken by {holder}, who does not hold it"
                        )
                    });
                }
            Some(Err(error)) => world::record(u64::from(matches!(error, StartError::Timeout(_)))),
            None => {}
        }
        // R07, R28, R71: a start that failed has left nothing behind.
        let half = with(|world| {
            world
                .restarts
                .last(seat)
                .filter(|pid| world.lives.living.contains_key(pid))
        });
        if let Some(pid) = half {
            world::fail(|| {
                format!("R28: the start of {pid} failed or was dropped, but it is there")
            });
        }
        lives::check();
    }
}
