//! The counter and its messages.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{LazyLock, RwLock};

use common::{Kill, Mailbox, Named, State, System, burn_one_microsecond, gate, ring_done};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

pub enum Message {
    Get(oneshot::Sender<u64>),
    Add(u64),
    SetNext(Sender),
    Token(u64),
    Hold,
    Work,
    Stop,
}

#[derive(Clone)]
pub enum Sender {
    Unbounded(mpsc::UnboundedSender<Message>),
    Bounded(mpsc::Sender<Message>),
}

impl Sender {
    async fn send(&self, message: Message) {
        let sent = match self {
            Self::Unbounded(sender) => sender.send(message).is_ok(),
            Self::Bounded(sender) => sender.send(message).await.is_ok(),
        };
        assert!(sent, "the server runs");
    }
}

/// Whether the server goes on.
async fn handle(state: &mut State<Sender>, message: Message) -> bool {
    match message {
        Message::Get(reply) => {
            let _ = reply.send(state.value);
        }
        Message::Add(amount) => state.value += amount,
        Message::SetNext(next) => state.next = Some(Box::new(next)),
        Message::Token(0) => ring_done(),
        Message::Token(hops) => {
            let next = state.next.as_ref().expect("the ring is closed");
            next.send(Message::Token(hops - 1)).await;
        }
        Message::Hold => gate().await,
        Message::Work => burn_one_microsecond(),
        Message::Stop => return false,
    }
    true
}

fn spawn(mailbox: Mailbox) -> (Sender, JoinHandle<()>) {
    match mailbox {
        Mailbox::Bounded(bound) => {
            let (sender, mut messages) = mpsc::channel(bound);
            let task = tokio::spawn(async move {
                let mut state = State::new();
                while let Some(message) = messages.recv().await {
                    if !handle(&mut state, message).await {
                        break;
                    }
                }
            });
            (Sender::Bounded(sender), task)
        }
        Mailbox::Default | Mailbox::Unbounded => {
            let (sender, mut messages) = mpsc::unbounded_channel();
            let task = tokio::spawn(async move {
                let mut state = State::new();
                while let Some(message) = messages.recv().await {
                    if !handle(&mut state, message).await {
                        break;
                    }
                }
            });
            (Sender::Unbounded(sender), task)
        }
    }
}

static NAMES: LazyLock<RwLock<HashMap<String, Sender>>> = LazyLock::new(RwLock::default);

pub fn register(name: String, sender: Sender) {
    NAMES.write().expect("not poisoned").insert(name, sender);
}

pub fn whereis(name: &str) -> Sender {
    NAMES.read().expect("not poisoned")[name].clone()
}

pub struct ByHand;

impl System for ByHand {
    type Server = (Sender, JoinHandle<()>);
    type Client = Sender;

    async fn start(mailbox: Mailbox) -> Self::Server {
        spawn(mailbox)
    }

    fn client((sender, _): &Self::Server) -> Sender {
        sender.clone()
    }

    async fn call(client: &Sender) -> u64 {
        let (reply, answer) = oneshot::channel();
        client.send(Message::Get(reply)).await;
        answer.await.expect("the server answers")
    }

    // Every call of it is queued; a timeout is what the base does without.
    fn call_queued(client: &Sender) -> impl Future<Output = u64> + Send {
        Self::call(client)
    }

    async fn cast(client: &Sender, amount: u64) {
        client.send(Message::Add(amount)).await;
    }

    async fn stop_all(servers: Vec<Self::Server>) {
        for (sender, _) in &servers {
            sender.send(Message::Stop).await;
        }
        for (_, task) in servers {
            task.await.expect("the server ends");
        }
    }

    async fn set_next(client: &Sender, next: Sender) {
        client.send(Message::SetNext(next)).await;
    }

    async fn token(client: &Sender, hops: u64) {
        client.send(Message::Token(hops)).await;
    }

    async fn hold(client: &Sender) {
        client.send(Message::Hold).await;
    }

    async fn work(client: &Sender) {
        client.send(Message::Work).await;
    }
}

impl Kill for ByHand {
    async fn kill((_, task): Self::Server) {
        task.abort();
        let _ = task.await;
    }
}

impl Named for ByHand {
    async fn start_named(name: String) {
        let (sender, _) = Self::start(Mailbox::Default).await;
        register(name, sender);
    }

    async fn call_named(name: &str) -> u64 {
        Self::call(&whereis(name)).await
    }
}
