use std::sync::atomic::{AtomicU64, Ordering::*};
use std::time::Duration;

use common::{
    Alive, State, Strategy, Supervision, child_started, start_count, wait_for_starts,
    wait_until_none_alive,
};
use tokio_actors::actor::context::ActorContext;
use tokio_actors::actor::handle::ActorHandle;
use tokio_actors::actor::{Actor, ActorExt};
use tokio_actors::{ActorResult, ActorSystem, RestartType, StopReason, SupervisionConfig};

pub struct Child {
    index: usize,
    generation: u64,
    _state: State<()>,
    _alive: Alive,
}

pub enum Message {
    Generation,
    Crash,
}

impl Actor for Child {
    type Message = Message;
    type Response = u64;

    async fn on_started(&mut self, _: &mut ActorContext<Self>) -> ActorResult<()> {
        self.generation = child_started(self.index);
        Ok(())
    }

    async fn handle(&mut self, message: Message, _: &mut ActorContext<Self>) -> ActorResult<u64> {
        match message {
            Message::Generation => Ok(self.generation),
            Message::Crash => panic!("crash"),
        }
    }
}

pub struct Parent {
    names: Vec<String>,
}

impl Actor for Parent {
    type Message = ();
    type Response = ();

    async fn on_started(&mut self, context: &mut ActorContext<Self>) -> ActorResult<()> {
        for (index, name) in self.names.iter().enumerate() {
            context
                .spawn_child(move || Child {
                    index,
                    generation: 0,
                    _state: State::new(),
                    _alive: Alive::new(),
                })
                .named(name.clone())
                .restart_type(RestartType::Permanent)
                .await?;
        }
        Ok(())
    }

    async fn handle(&mut self, (): (), _: &mut ActorContext<Self>) -> ActorResult<()> {
        Ok(())
    }
}

static SUPERVISORS: AtomicU64 = AtomicU64::new(0);

pub struct Supervised;

impl Supervision for Supervised {
    /// Children are found by their names, which are global.
    type Supervisor = (ActorHandle<Parent>, Vec<String>);

    async fn start(strategy: Strategy, children: usize) -> Self::Supervisor {
        let starts = start_count() + children as u64;
        let serial = SUPERVISORS.fetch_add(1, Relaxed);
        let names: Vec<String> = (0..children)
            .map(|index| format!("s{serial}c{index}"))
            .collect();
        let supervision = match strategy {
            Strategy::OneForOne => SupervisionConfig::one_for_one(),
            Strategy::OneForAll => SupervisionConfig::one_for_all(),
            Strategy::RestForOne => SupervisionConfig::rest_for_one(),
        };
        let supervision = supervision.max_restarts(u32::MAX, Duration::from_secs(1));
        let parent = Parent {
            names: names.clone(),
        }
        .spawn()
        .with_supervision(supervision)
        .await
        .unwrap();
        wait_for_starts(starts).await;
        (parent, names)
    }

    async fn stop((parent, _): Self::Supervisor) {
        parent.stop(StopReason::Graceful).await.unwrap();
        parent.wait_stopped().await;
        wait_until_none_alive().await;
    }

    async fn crash((_, names): &Self::Supervisor, index: usize) {
        if let Some(child) = ActorSystem::default().get::<Child>(&names[index]) {
            let _ = child.notify(Message::Crash).await;
        }
    }

    async fn generation((_, names): &Self::Supervisor, index: usize) -> Option<u64> {
        let child = ActorSystem::default().get::<Child>(&names[index])?;
        child.send(Message::Generation).await.ok()
    }
}
