//! A one-for-one supervisor by hand: a `JoinSet`, and a new task for each that ended with a panic.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use common::{State, Strategy, Supervision, child_started, start_count, wait_for_starts};
use tokio::select;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{Id, JoinHandle, JoinSet};

enum Message {
    Generation(oneshot::Sender<u64>),
    Crash,
}

type Sender = mpsc::UnboundedSender<Message>;
/// Where the clients find the child's present incarnation.
type Place = Arc<RwLock<Sender>>;

#[derive(Default)]
struct Children {
    tasks: JoinSet<()>,
    index_of: HashMap<Id, usize>,
}

impl Children {
    fn spawn(&mut self, index: usize) -> Sender {
        let (sender, mut messages) = mpsc::unbounded_channel();
        let task = self.tasks.spawn(async move {
            let generation = child_started(index);
            let _state: State<()> = State::new();
            while let Some(message) = messages.recv().await {
                match message {
                    Message::Generation(reply) => {
                        let _ = reply.send(generation);
                    }
                    Message::Crash => panic!("crash"),
                }
            }
        });
        self.index_of.insert(task.id(), index);
        sender
    }
}

async fn supervise(mut children: Children, places: Vec<Place>, mut stop: oneshot::Receiver<()>) {
    loop {
        select! {
            biased;
            _ = &mut stop => break,
            Some(ended) = children.tasks.join_next_with_id() => {
                let crash = ended.expect_err("a child ends by its crash");
                let index = children.index_of.remove(&crash.id()).expect("a child");
                *places[index].write().expect("not poisoned") = children.spawn(index);
            }
        }
    }
    children.tasks.shutdown().await;
}

pub struct Supervised;

pub struct Supervisor {
    places: Vec<Place>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Supervision for Supervised {
    type Supervisor = Supervisor;
    const GROUPS: bool = false;

    async fn start(_: Strategy, children: usize) -> Supervisor {
        let starts = start_count() + children as u64;
        let (stop, stopped) = oneshot::channel();
        let (send_places, places) = oneshot::channel();
        let task = tokio::spawn(async move {
            let mut running = Children::default();
            let places: Vec<Place> = (0..children)
                .map(|index| Arc::new(RwLock::new(running.spawn(index))))
                .collect();
            let _ = send_places.send(places.clone());
            supervise(running, places, stopped).await;
        });
        let places = places.await.expect("the supervisor starts its children");
        wait_for_starts(starts).await;
        Supervisor { places, stop, task }
    }

    async fn stop(supervisor: Supervisor) {
        let _ = supervisor.stop.send(());
        supervisor.task.await.expect("the supervisor ends");
    }

    async fn crash(supervisor: &Supervisor, index: usize) {
        let _ = supervisor.places[index]
            .read()
            .expect("not poisoned")
            .send(Message::Crash);
    }

    async fn generation(supervisor: &Supervisor, index: usize) -> Option<u64> {
        let (reply, answer) = oneshot::channel();
        let message = Message::Generation(reply);
        supervisor.places[index]
            .read()
            .expect("not poisoned")
            .send(message)
            .ok()?;
        answer.await.ok()
    }
}
