use std::time::Duration;

use common::{
    Alive, State, Supervision, child_started, start_count, wait_for_starts, wait_until_none_alive,
};
use kameo::actor::{Actor, ActorRef, Spawn};
use kameo::error::Infallible;
use kameo::message::{Context, Message};
use kameo::supervision::RestartPolicy;

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

pub struct Parent;

impl Actor for Parent {
    type Args = ();
    type Error = Infallible;

    async fn on_start(_: (), _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

pub struct Supervised;

impl Supervision for Supervised {
    type Supervisor = (ActorRef<Parent>, Vec<ActorRef<Child>>);

    async fn start(children: usize) -> Self::Supervisor {
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

    async fn stop((parent, _): Self::Supervisor) {
        parent.stop_gracefully().await.unwrap();
        parent.wait_for_shutdown().await;
        wait_until_none_alive().await;
    }

    async fn crash((_, children): &Self::Supervisor, index: usize) {
        let _ = children[index].tell(Crash).await;
    }

    async fn generation((_, children): &Self::Supervisor, index: usize) -> Option<u64> {
        children[index].ask(Generation).await.ok()
    }
}
