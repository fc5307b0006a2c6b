//! Timers that send again and again. There is one message of each at a time, and the next is made when it is taken up: the ticks that
//! come while it waits are one, and none is lost.

use std::time::Duration;

use super::later::{Later, To};
use super::message::Mail;
use super::ticking::{Tick, Ticking};
use crate::catch::catch_dyn;
use crate::exit_reason::ExitReason;
use crate::gen_server::report::{self, Callback};
use crate::gen_server::{GenServer, Message};
use crate::guard::Guarded;
use crate::planted::{Bug, planted};
use crate::process::node::Node;
use crate::process::{Header, current, link};
use crate::reply::abandoned;
use crate::rt::{self, Instant};
use crate::sync::{Arc, Mutex, Weak, lock};
use crate::trace::GuardedSpan;

/// A timer that sends again and again, as who set it knows it.
pub(in crate::gen_server) struct Every {
    period: Duration,
    node: Weak<Node>,
    state: Mutex<State>,
}

struct State {
    /// When the message that there is was due, or will be.
    tick: Instant,
    message: Later,
    over: bool,
}

/// The same, in its message.
struct Again<S: GenServer, A> {
    every: Arc<Every>,
    to: To<S>,
    args: Guarded<A>,
    make: fn(A) -> Message<S>,
    callback: Callback,
}

impl Every {
    /// Sets one. The first message is sent after one period. `None`: there is nobody, or no runtime with timers.
    ///
    /// # Panics
    ///
    /// If the period is zero.
    #[track_caller]
    pub(in crate::gen_server) fn set<S, A>(
        to: To<S>,
        period: Duration,
        args: A,
        make: fn(A) -> Message<S>,
    ) -> Option<Arc<Self>>
    where
        S: GenServer,
        A: Clone + Send + 'static,
    {
        assert!(!period.is_zero(), "a period is longer than zero");
        let node = to.node()?;
        let every = Arc::new(Self {
            period,
            node: Arc::downgrade(&node),
            state: Mutex::new(State {
                tick: rt::deadline_from(node.now(), period),
                message: Later::Never,
                over: false,
            }),
        });
        let message = make(args.clone());
        let again = Again {
            every: Arc::clone(&every),
            to,
            args: Guarded::new(args),
            make,
            callback: message.callback(),
        };
        again.send(&node, message);
        Some(every)
    }

    /// What is left until the next message is due. `None`: there will be none.
    pub(in crate::gen_server) fn left(&self) -> Option<Duration> {
        let node = self.node.upgrade()?;
        let now = node.now();
        let (tick, message) = {
            let state = lock(&self.state);
            if state.over {
                return None;
            }
            (state.tick, state.message.clone())
        };
        (!message.is_for_the_dead()).then(|| self.until_next(tick, now))
    }

    /// There will be no more messages. `Some`: what was left until the next.
    pub(in crate::gen_server) fn end(&self) -> Option<Duration> {
        let left = self.left()?;
        let message = {
            let mut state = lock(&self.state);
            if std::mem::replace(&mut state.over, true) {
                return None;
            }
            state.message.clone()
        };
        message.take_back();
        Some(left)
    }

    /// From now on until the next tick, where there was one at `tick`, or will be.
    fn until_next(&self, tick: Instant, now: Instant) -> Duration {
        if let Some(left) = tick
            .checked_duration_since(now)
            .filter(|left| !left.is_zero())
        {
            return left;
        }
        let since = now.saturating_duration_since(tick).as_nanos() % self.period.as_nanos();
        self.period - Duration::from_nanos(u64::try_from(since).unwrap_or(u64::MAX))
    }

    fn over(&self) {
        lock(&self.state).over = true;
    }
}

impl<S: GenServer, A: Clone + Send + 'static> Again<S, A> {
    /// The message, or why it could not be made.
    fn message(&self) -> Result<Message<S>, ExitReason> {
        let mut message = None;
        catch_dyn(&mut || message = Some((self.make)(self.args.get().clone())))?;
        message.ok_or(ExitReason::Normal)
    }

    /// Sends the message at its tick.
    fn send(self, node: &Arc<Node>, message: Message<S>) {
        let (every, to) = (Arc::clone(&self.every), self.to.clone());
        let tick = lock(&every.state).tick;
        let mail = Mail::ticking(message, Ticking::new(Box::new(self)));
        let later = to.send(node, tick, mail, &|| every.over());
        let mut state = lock(&every.state);
        if state.over {
            drop(state);
            later.take_back();
        } else if state.tick == tick {
            state.message = later;
        }
    }

    /// Goes on with the next tick: ticks that have come meanwhile are that which is over.
    fn go_on(self) -> Result<(), ExitReason> {
        let every = &self.every;
        if lock(&every.state).over || planted(Bug::TicksEndWithTheFirst) {
            return Ok(());
        }
        let Some(node) = every.node.upgrade() else {
            return Ok(());
        };
        let message = match self.message() {
            Ok(message) => message,
            Err(panic) => {
                every.over();
                return Err(panic);
            }
        };
        let now = node.now();
        {
            let mut state = lock(&every.state);
            state.message = Later::Never;
            state.tick = rt::deadline_from(now, every.until_next(state.tick, now));
        }
        self.send(&node, message);
        Ok(())
    }
}

impl<S: GenServer, A: Clone + Send + 'static> Tick for Again<S, A> {
    fn opened(self: Box<Self>) {
        if let Err(panic) = self.go_on()
            && let Some(server) = current::pid()
        {
            // Its arguments cannot be cloned, which is a crash of the server that they are for.
            link::exit(server, panic);
        }
    }

    fn lost(self: Box<Self>) {
        match &self.to {
            // It was dropped for newer messages, as one of its ticks.
            To::Cell(cell) if abandoned::is_displacing() => {
                let cell = Weak::clone(cell);
                if let Err(panic) = self.go_on()
                    && let Some(cell) = cell.upgrade()
                {
                    link::exit(cell.pid(), panic);
                }
            }
            // It dies with the process.
            To::Cell(_) => self.every.over(),
            To::Address(_) => drop(self.go_on()),
        }
    }

    fn period(&self) -> Duration {
        self.every.period
    }

    fn span(&self, server: &Header) -> Option<Box<GuardedSpan>> {
        report::span(server, std::any::type_name::<S>(), self.callback)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::ExitReason;
    use crate::gen_server::{Context, GenServer, NoMessage, ServerRef, Timer};
    use crate::planted::{Bug, plant};
    use crate::sync::Arc;
    use crate::sync::atomic::{AtomicU32, Ordering};

    /// Counts in what it is started with.
    struct Counts(Arc<AtomicU32>);

    #[derive(Clone)]
    struct Tick(#[expect(dead_code, reason = "counted by its references")] Arc<()>);

    impl GenServer for Counts {
        type Args = Arc<AtomicU32>;
        type Call = NoMessage;
        type Cast = NoMessage;
        type Info = Tick;
        type Client = ServerRef<Self>;

        async fn init(
            counted: Arc<AtomicU32>,
            _cx: &mut Context<Self>,
        ) -> Result<Self, ExitReason> {
            Ok(Self(counted))
        }

        async fn handle_info(
            &mut self,
            _tick: Tick,
            _cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
    }

    const SECOND: Duration = Duration::from_secs(1);

    async fn start() -> (ServerRef<Counts>, Arc<AtomicU32>) {
        let counted = Arc::new(AtomicU32::new(0));
        let server = crate::start::<Counts>(Arc::clone(&counted)).await;
        (server.expect("starts"), counted)
    }

    /// The server is dead: whether its timer is set, and how many messages there are still.
    async fn after_death(bug: Option<Bug>) -> (usize, Timer) {
        let (server, _counted) = start().await;
        let held = Arc::new(());
        plant(bug);
        server.send(Tick(Arc::clone(&held))).send_after(SECOND);
        let end = server.monitor();
        server.kill();
        end.await;
        let late = server.send(Tick(Arc::clone(&held))).send_after(SECOND);
        plant(None);
        (Arc::strong_count(&held) - 1, late)
    }

    #[tokio::test(start_paused = true)]
    async fn r66_timers_that_outlive_their_server_are_noticed() {
        assert_eq!(after_death(None).await.0, 0);
        assert_eq!(after_death(Some(Bug::TimersOutliveTheirServer)).await.0, 1);
        assert_eq!(after_death(Some(Bug::TimerSetForTheDead)).await.0, 1);
    }

    async fn ticks(bug: Option<Bug>) -> u32 {
        let (server, counted) = start().await;
        plant(bug);
        server.send(Tick(Arc::default())).send_every(SECOND);
        tokio::time::sleep(SECOND * 5 / 2).await;
        plant(None);
        server.stop().await.expect("it lives");
        counted.load(Ordering::Relaxed)
    }

    #[tokio::test(start_paused = true)]
    async fn r67_ticks_that_end_with_the_first_are_noticed() {
        assert_eq!(ticks(None).await, 2);
        assert_eq!(ticks(Some(Bug::TicksEndWithTheFirst)).await, 1);
    }
}
