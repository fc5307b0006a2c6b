//! Restarts that wait: children that end and fail to start, each at its own times, and somebody who stops them and starts them again.
//! Each restart comes when its delay is over, not sooner and not later, and none that was called off.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{
    Backoff, ChildId, ChildSpec, RestartChildError, Strategy, SupervisorRef, SupervisorSpec,
    TaskRef, sim,
};

use crate::rng::Rng;
use crate::sup::Sup;
use crate::world::millis;

/// What is known about a child from outside.
struct Seat {
    min: u64,
    max: u64,
    state: State,
    /// Restarts since it last ran for long.
    restarts: u32,
    /// Somebody asks for its start.
    asked: bool,
    rng: Rng,
    wrong: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Stopped,
    RunsSince(Duration),
    /// Its restart comes between these.
    Waits {
        least: Duration,
        most: Duration,
    },
}

impl Seat {
    fn draw(mut rng: Rng) -> Self {
        let min = 1 + rng.below(40);
        Self {
            min,
            max: min + rng.below(300),
            // Until its first start.
            state: State::Stopped,
            restarts: 0,
            asked: true,
            rng,
            wrong: None,
        }
    }

    fn fail(&mut self, what: String) {
        let Self { min, max, .. } = self;
        let what = format!("{what}, with waits of {min} to {max} ms");
        self.wrong.get_or_insert(what);
    }

    /// It ended by itself, or its restart failed.
    fn ended(&mut self) {
        let now = sim::elapsed();
        if let State::RunsSince(since) = self.state
            && now - since > millis(self.max)
        {
            self.restarts = 0;
        }
        let whole = self.min << self.restarts.min(20);
        let whole = millis(whole.min(self.max));
        self.restarts += 1;
        self.state = State::Waits {
            least: now + whole / 2,
            most: now + whole,
        };
    }

    /// Its supervisor starts it. For how long it runs; `None`: it does not start.
    fn begins(&mut self) -> Option<Duration> {
        let now = sim::elapsed();
        let by_itself = match self.state {
            State::Waits { least, most } => least <= now && now <= most + millis(1),
            State::Stopped | State::RunsSince(_) => false,
        };
        let on_request = self.asked && matches!(self.state, State::Stopped);
        if !by_itself && !on_request {
            let state = self.state;
            self.fail(format!("a child that {state:?} is started at {now:?}"));
        }
        if self.rng.permille(300) && !on_request {
            self.ended();
            return None;
        }
        self.state = State::RunsSince(now);
        Some(millis(self.rng.pick(&[0, 1, 5, 30, 200, 2_000])))
    }

    fn check_overdue(&mut self) {
        if let State::Waits { most, .. } = self.state
            && most + millis(1) < sim::elapsed()
        {
            let now = sim::elapsed();
            self.fail(format!(
                "a restart that was due at {most:?} is not there at {now:?}"
            ));
        }
    }
}

type Shared = Arc<Mutex<Seat>>;

fn with<R>(seat: &Shared, work: impl FnOnce(&mut Seat) -> R) -> R {
    work(
        &mut seat
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner),
    )
}

fn spec(nth: usize, seat: &Shared) -> ChildSpec {
    let (min, max) = with(seat, |seat| (seat.min, seat.max));
    let seat = Arc::clone(seat);
    let spec = TaskRef::vacant().child_spec(ChildId::new(nth), move || {
        let Some(runs) = with(&seat, Seat::begins) else {
            std::panic::resume_unwind(Box::new(crate::PLANNED));
        };
        let seat = Arc::clone(&seat);
        async move {
            sim::sleep(runs).await;
            with(&seat, Seat::ended);
            Err::<(), _>("over")
        }
    });
    spec.restart(Restart::Permanent)
        .backoff(Backoff::new(millis(min), millis(max)))
}

/// Plays the restarts of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::new(seed).time_limit(Duration::from_secs(600));
    match config.run(delays(seed)) {
        Ok(violation) => violation,
        Err(stuck) => Some(format!("restarts that wait: {stuck}")),
    }
}

async fn delays(seed: u64) -> Option<String> {
    let mut rng = Rng::new(seed, 81);
    let seats: Vec<Shared> = (0..1 + rng.below(4))
        .map(|nth| Arc::new(Mutex::new(Seat::draw(Rng::new(seed, 200 + nth)))))
        .collect();
    let all = seats.clone();
    let sup = Sup::start(move || {
        let spec = SupervisorSpec::new(Strategy::OneForOne).max_restarts(u32::MAX);
        let children = all.iter().enumerate();
        children.fold(spec, |spec, (nth, seat)| spec.child(self::spec(nth, seat)))
    })
    .await
    .ok()?;
    for seat in &seats {
        with(seat, |seat| seat.asked = false);
    }
    for _ in 0..4 + rng.below(30) {
        sim::sleep(millis(rng.pick(&[0, 1, 3, 10, 40, 150, 1_000]))).await;
        let nth = rng.below(seats.len() as u64) as usize;
        meddle(&mut rng, &sup, ChildId::new(nth), &seats[nth]).await;
        for seat in &seats {
            with(seat, Seat::check_overdue);
        }
    }
    // A stop does not wait for restarts.
    let before = sim::elapsed();
    let stopped = sup.stop().await;
    let took = sim::elapsed() - before;
    if stopped.is_err() || took > millis(1) {
        return Some(format!(
            "the stop took {took:?}, and ended with {stopped:?}"
        ));
    }
    for seat in &seats {
        with(seat, |seat| seat.state = State::Stopped);
    }
    sim::sleep(millis(1_000)).await;
    seats
        .iter()
        .find_map(|seat| with(seat, |seat| seat.wrong.take()))
}

/// Stops a child, or starts one again.
async fn meddle(rng: &mut Rng, sup: &SupervisorRef, id: ChildId, seat: &Shared) {
    match rng.below(4) {
        0 => {
            let terminated = sup.terminate_child(id).await;
            with(seat, |seat| match terminated {
                Ok(()) => seat.state = State::Stopped,
                Err(error) => seat.fail(format!("a child is not terminated: {error}")),
            });
        }
        1 => {
            with(seat, |seat| seat.asked = true);
            let restarted = sup.restart_child(id).await;
            with(seat, |seat| {
                seat.asked = false;
                let right = match (&restarted, seat.state) {
                    (Ok(_) | Err(RestartChildError::Running), State::RunsSince(_)) => true,
                    // It has ended since.
                    (Ok(_) | Err(RestartChildError::Running), State::Waits { least, .. }) => {
                        least >= sim::elapsed()
                    }
                    (Err(RestartChildError::Restarting), State::Waits { .. }) => true,
                    _ => false,
                };
                if !right {
                    let state = seat.state;
                    seat.fail(format!(
                        "`restart_child` of one that {state:?}: {restarted:?}"
                    ));
                }
            });
        }
        _ => {}
    }
}
