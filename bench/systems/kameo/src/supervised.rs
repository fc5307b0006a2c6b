use std::time::Duration;

use common::{
    Alive, State, Strategy, Supervision, child_started, start_count, wait_for_starts,
    wait_until_none_alive,
};
use kameo::actor::{Actor, ActorRef, Spawn};
use kameo::error::Infallible;
use kameo::message::{Context, Message};
use kameo::supervision::{RestartPolicy, SupervisionStrategy};

pub struct Child {
    generation: u64,
    _state: State<()>,
    _alive: Alive,
}

impl Actor for Child {
    type Args = usize;
    type Error = Infallible;

    async fn on_start(index: usize, _: ActorRef<Self>) -> Result<Self, Infallible> {
        let generation = child_started(index);
        Ok(Self {
            generation,
            _state: State::new(),
            _alive: Alive::new(),
        })
    }
}

struct Crash;
struct Generation;

impl Message<Generation> for Child {
    type Reply = u64;
    async fn handle(&mut self, _: Generation, _: &mut Context<Self, u64>) -> u64 {
        self.generation
    }
}

impl Message<Crash> for Child {
    type Reply = ();
    async fn handle(&mut self, _: Crash, _: &mut Context<Self, ()>) {
        panic!("crash");
    }
}

/// Its strategy is part of its type.
pub struct Parent<const STRATEGY: u8>;

const ONE_FOR_ONE: u8 = 0;
const ONE_FOR_ALL: u8 = 1;
const REST_FOR_ONE: u8 = 2;

impl<const STRATEGY: u8> Actor for Parent<STRATEGY> {
    type Args = ();
    type Error = Infallible;

    fn supervision_strategy() -> SupervisionStrategy {
        match STRATEGY {
            ONE_FOR_ONE => SupervisionStrategy::OneForOne,
            ONE_FOR_ALL => SupervisionStrategy::OneForAll,
            _ => SupervisionStrategy::RestForOne,
        }
    }

    async fn on_start(_: (), _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

pub enum Running {
    OneForOne(ActorRef<Parent<ONE_FOR_ONE>>),
    OneForAll(ActorRef<Parent<ONE_FOR_ALL>>),
    RestForOne(ActorRef<Parent<REST_FOR_ONE>>),
}

async fn start<const STRATEGY: u8>(
    children: usize,
) -> (ActorRef<Parent<STRATEGY>>, Vec<ActorRef<Child>>) {
    let starts = start_count() + children as u64;
    let parent = Parent::spawn(());
    parent.wait_for_startup().await;
    let mut started = Vec::new();
    for index in 0..children {
        let child = Child::supervise(&parent, index)
            .restart_policy(RestartPolicy::Permanent)
            .restart_limit(u32::MAX, Duration::from_secs(3_600))
            .spawn()
            .await;
        started.push(child);
    }
    wait_for_starts(starts).await;
    (parent, started)
}

async fn stop<const STRATEGY: u8>(parent: ActorRef<Parent<STRATEGY>>) {
    parent.stop_gracefully().await.unwrap();
    parent.wait_for_shutdown().await;
    wait_until_none_alive().await;
}

pub struct Supervised;

impl Supervision for Supervised {
    type Supervisor = (Running, Vec<ActorRef<Child>>);

    async fn start(strategy: Strategy, children: usize) -> Self::Supervisor {
        match strategy {
            Strategy::OneForOne => {
                let (parent, children) = start(children).await;
                (Running::OneForOne(parent), children)
            }
            Strategy::OneForAll => {
                let (parent, children) = start(children).await;
                (Running::OneForAll(parent), children)
            }
            Strategy::RestForOne => {
                let (parent, children) = start(children).await;
                (Running::RestForOne(parent), children)
            }
        }
    }

    async fn stop((parent, _): Self::Supervisor) {
        match parent {
            Running::OneForOne(parent) => stop(parent).await,
            Running::OneForAll(parent) => stop(parent).await,
            Running::RestForOne(parent) => stop(parent).await,
        }
    }

    async fn crash((_, children): &Self::Supervisor, index: usize) {
        let _ = children[index].tell(Crash).await;
    }

    async fn generation((_, children): &Self::Supervisor, index: usize) -> Option<u64> {
        children[index].ask(Generation).await.ok()
    }
}
