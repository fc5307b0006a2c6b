use std::sync::atomic::{AtomicU64, Ordering::*};

use common::{
    Alive, State, Strategy, Supervision, child_started, start_count, wait_for_starts,
    wait_until_none_alive,
};
use ractor::concurrency::{Duration, JoinHandle};
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort, call};
use ractor_supervisor::{
    ChildSpec, Restart, SpawnFn, Supervisor, SupervisorArguments, SupervisorMsg, SupervisorOptions,
    SupervisorStrategy,
};

struct Child;

enum Message {
    Generation(RpcReplyPort<u64>),
    Crash,
}

impl Actor for Child {
    type Msg = Message;
    type State = (u64, State<()>, Alive);
    type Arguments = usize;

    async fn pre_start(
        &self,
        _: ActorRef<Message>,
        index: usize,
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok((child_started(index), State::new(), Alive::new()))
    }

    async fn handle(
        &self,
        _: ActorRef<Message>,
        message: Message,
        (generation, ..): &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Generation(reply) => reply.send(*generation)?,
            Message::Crash => panic!("crash"),
        }
        Ok(())
    }
}

pub struct Running {
    supervisor: ActorRef<SupervisorMsg>,
    task: JoinHandle<()>,
    /// Children are found by their names, which are global.
    names: Vec<String>,
}

fn child_spec(name: &str, index: usize) -> ChildSpec {
    let spawn = SpawnFn::new(move |supervisor, id| async move {
        let (child, _) = Supervisor::spawn_linked(id, Child, index, supervisor).await?;
        Ok(child.get_cell())
    });
    ChildSpec {
        id: name.to_owned(),
        restart: Restart::Permanent,
        spawn_fn: spawn,
        backoff_fn: None,
        reset_after: None,
    }
}

static SUPERVISORS: AtomicU64 = AtomicU64::new(0);

pub struct Supervised;

impl Supervision for Supervised {
    type Supervisor = Running;

    async fn start(strategy: Strategy, children: usize) -> Running {
        let starts = start_count() + children as u64;
        let serial = SUPERVISORS.fetch_add(1, Relaxed);
        let names: Vec<String> = (0..children)
            .map(|index| format!("s{serial}c{index}"))
            .collect();
        let arguments = SupervisorArguments {
            child_specs: names
                .iter()
                .enumerate()
                .map(|(index, name)| child_spec(name, index))
                .collect(),
            options: SupervisorOptions {
                strategy: match strategy {
                    Strategy::OneForOne => SupervisorStrategy::OneForOne,
                    Strategy::OneForAll => SupervisorStrategy::OneForAll,
                    Strategy::RestForOne => SupervisorStrategy::RestForOne,
                },
                max_restarts: usize::MAX,
                max_window: Duration::from_secs(1),
                reset_after: None,
            },
        };
        let (supervisor, task) = Supervisor::spawn(format!("sup{serial}"), arguments)
            .await
            .unwrap();
        wait_for_starts(starts).await;
        Running {
            supervisor,
            task,
            names,
        }
    }

    async fn stop(running: Running) {
        running.supervisor.stop(None);
        running.task.await.unwrap();
        wait_until_none_alive().await;
    }

    async fn crash(running: &Running, index: usize) {
        if let Some(child) = ActorRef::<Message>::where_is(&running.names[index]) {
            let _ = child.cast(Message::Crash);
        }
    }

    async fn generation(running: &Running, index: usize) -> Option<u64> {
        let child = ActorRef::<Message>::where_is(&running.names[index])?;
        call!(child, Message::Generation).ok()
    }
}
