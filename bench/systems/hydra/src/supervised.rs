use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering::*};
use std::time::Duration;

use common::{Alive, Flavour, State, Strategy, Supervision, child_started, wait_until_none_alive};
use hydra::{
    ChildSpec, ExitReason, From, GenServer, GenServerOptions, Pid, SupervisionStrategy, Supervisor,
    SupervisorOptions,
};
use serde::{Deserialize, Serialize};

use crate::counter::run_in_process;

#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    Generation,
    Value(u64),
    Crash,
}

pub struct Child {
    index: usize,
    generation: u64,
    _state: State<()>,
    _alive: Alive,
}

impl Child {
    fn new(index: usize) -> Self {
        Self {
            index,
            generation: 0,
            _state: State::new(),
            _alive: Alive::new(),
        }
    }
}

impl GenServer for Child {
    type Message = Message;

    async fn init(&mut self) -> Result<(), ExitReason> {
        self.generation = child_started(self.index);
        Ok(())
    }

    async fn handle_call(
        &mut self,
        message: Message,
        _: From,
    ) -> Result<Option<Message>, ExitReason> {
        match message {
            Message::Generation => Ok(Some(Message::Value(self.generation))),
            _ => unreachable!("not a call"),
        }
    }

    async fn handle_cast(&mut self, _: Message) -> Result<(), ExitReason> {
        panic!("crash");
    }
}

static SUPERVISORS: AtomicU64 = AtomicU64::new(0);

pub struct Supervised;

impl Supervision for Supervised {
    /// Children are found by their names.
    type Supervisor = (Pid, Vec<String>);

    fn run<F>(flavour: Flavour, main: F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        run_in_process(flavour, main)
    }

    async fn start(strategy: Strategy, children: usize) -> Self::Supervisor {
        let serial = SUPERVISORS.fetch_add(1, Relaxed);
        let names: Vec<String> = (0..children)
            .map(|index| format!("s{serial}c{index}"))
            .collect();
        let specs: Vec<ChildSpec> = names
            .iter()
            .enumerate()
            .map(|(index, name)| child_spec(index, name))
            .collect();
        let supervisor = Supervisor::with_children(specs)
            .strategy(match strategy {
                Strategy::OneForOne => SupervisionStrategy::OneForOne,
                Strategy::OneForAll => SupervisionStrategy::OneForAll,
                Strategy::RestForOne => SupervisionStrategy::RestForOne,
            })
            .max_restarts(usize::MAX)
            .max_duration(Duration::from_secs(1))
            .start(SupervisorOptions::new())
            .await
            .unwrap();
        (supervisor, names)
    }

    async fn stop((supervisor, _): Self::Supervisor) {
        Supervisor::stop(supervisor, ExitReason::from("shutdown"), None)
            .await
            .unwrap();
        wait_until_none_alive().await;
    }

    async fn crash((_, names): &Self::Supervisor, index: usize) {
        Child::cast(names[index].clone(), Message::Crash);
    }

    async fn generation((_, names): &Self::Supervisor, index: usize) -> Option<u64> {
        match Child::call(names[index].clone(), Message::Generation, None).await {
            Ok(Message::Value(generation)) => Some(generation),
            _ => None,
        }
    }
}

fn child_spec(index: usize, name: &str) -> ChildSpec {
    let name = name.to_owned();
    ChildSpec::new(name.clone())
        .start(move || Child::new(index).start_link(GenServerOptions::new().name(name.clone())))
}
