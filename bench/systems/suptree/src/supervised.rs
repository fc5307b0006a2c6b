//! A supervisor with as many children as a workload asks for: by the builder, as `supervisor!` counts its children when it
//! is compiled.

use std::sync::{Arc, OnceLock};

use common::{State, Supervision, child_started, start_count, wait_for_starts};
use suptree::{
    Child, ChildId, ChildSpec, Strategy, Supervisor, SupervisorRef, SupervisorSpec, genserver,
    start_link_supervisor,
};

pub struct Worker {
    generation: u64,
    _state: State<()>,
}

#[genserver]
impl Worker {
    #[init]
    fn init(index: usize) -> Self {
        Self {
            generation: child_started(index),
            _state: State::new(),
        }
    }

    #[call]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }
}

#[derive(Clone, Debug)]
pub struct Workers {
    supervisor: SupervisorRef,
    /// Made by the first `init`, and kept: they follow their children across restarts.
    clients: Arc<OnceLock<Vec<WorkerClient>>>,
}

impl Workers {
    fn client(&self, index: usize) -> &WorkerClient {
        &self.clients.get().unwrap()[index]
    }
}

impl Child for Workers {
    type Args = (Strategy, usize);
    type Handle = Self;

    fn vacant() -> Self {
        Self {
            supervisor: SupervisorRef::vacant(),
            clients: Arc::default(),
        }
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, args: Self::Args) -> ChildSpec {
        handle.as_child(id, args)
    }
}

impl Supervisor for Workers {
    fn supervisor(&self) -> &SupervisorRef {
        &self.supervisor
    }

    fn init(&self, (strategy, children): Self::Args) -> SupervisorSpec {
        let clients = self
            .clients
            .get_or_init(|| (0..children).map(|_| Worker::vacant()).collect());
        let no_limit = SupervisorSpec::new(strategy)
            .max_restarts(u32::MAX)
            .max_seconds(1);
        clients
            .iter()
            .enumerate()
            .fold(no_limit, |spec, (index, client)| {
                let id = ChildId::new(index);
                spec.child(<Worker as Child>::child_spec(client, id, index))
            })
    }
}

pub struct Supervised;

impl Supervision for Supervised {
    type Supervisor = Workers;

    async fn start(strategy: common::Strategy, children: usize) -> Workers {
        let starts = start_count() + children as u64;
        let strategy = match strategy {
            common::Strategy::OneForOne => Strategy::OneForOne,
            common::Strategy::OneForAll => Strategy::OneForAll,
            common::Strategy::RestForOne => Strategy::RestForOne,
        };
        let args = (strategy, children);
        let workers = start_link_supervisor::<Workers>(args).await.unwrap();
        wait_for_starts(starts).await;
        workers
    }

    async fn stop(workers: Workers) {
        workers.supervisor.stop().await.unwrap();
    }

    async fn crash(workers: &Workers, index: usize) {
        let _ = workers.client(index).crash().await;
    }

    async fn generation(workers: &Workers, index: usize) -> Option<u64> {
        workers.client(index).generation().await.ok()
    }
}
