use common::{
    CALL_TIMEOUT, Flavour, Kill, Mailbox, Named, State, System, burn_one_microsecond, gate,
    ring_done,
};
use tokio_actors::actor::context::ActorContext;
use tokio_actors::actor::handle::ActorHandle;
use tokio_actors::actor::{Actor, ActorExt};
use tokio_actors::{ActorConfig, ActorResult, ActorSystem, StopReason};

/// Room for the backlog workload, where the others take an unbounded mailbox.
const ROOM_FOR_BACKLOG: usize = 2_000_000;

#[derive(Default)]
pub struct Counter(State<ActorHandle<Counter>>);

pub enum Message {
    Get,
    Add(u64),
    SetNext(ActorHandle<Counter>),
    Token(u64),
    Hold,
    Work,
}

pub enum Response {
    Value(u64),
    Done,
}

impl Actor for Counter {
    type Message = Message;
    type Response = Response;

    async fn handle(
        &mut self,
        message: Message,
        _: &mut ActorContext<Self>,
    ) -> ActorResult<Response> {
        match message {
            Message::Get => return Ok(Response::Value(self.0.value)),
            Message::Add(amount) => self.0.value += amount,
            Message::SetNext(next) => self.0.next = Some(Box::new(next)),
            Message::Token(0) => ring_done(),
            Message::Token(hops) => {
                self.0
                    .next
                    .as_ref()
                    .unwrap()
                    .notify(Message::Token(hops - 1))
                    .await
                    .unwrap();
            }
            Message::Hold => gate().await,
            Message::Work => burn_one_microsecond(),
        }
        Ok(Response::Done)
    }
}

fn value(response: Response) -> u64 {
    match response {
        Response::Value(value) => value,
        Response::Done => unreachable!("the answer to a get is a value"),
    }
}

pub struct TokioActors;

impl System for TokioActors {
    type Server = ActorHandle<Counter>;
    type Client = ActorHandle<Counter>;

    fn supports(work: &str, _: Flavour) -> bool {
        !work.ends_with("_u")
    }

    async fn start(mailbox: Mailbox) -> ActorHandle<Counter> {
        let bound = match mailbox {
            Mailbox::Default => return Counter::default().spawn().await.unwrap(),
            Mailbox::Bounded(bound) => bound,
            Mailbox::Unbounded => ROOM_FOR_BACKLOG,
        };
        let config = ActorConfig::default().with_mailbox_capacity(bound);
        Counter::default()
            .spawn()
            .with_config(config)
            .await
            .unwrap()
    }

    fn client(server: &ActorHandle<Counter>) -> ActorHandle<Counter> {
        server.clone()
    }

    async fn call(client: &ActorHandle<Counter>) -> u64 {
        value(client.send(Message::Get).await.unwrap())
    }

    async fn call_queued(client: &ActorHandle<Counter>) -> u64 {
        value(
            client
                .send_timeout(Message::Get, CALL_TIMEOUT)
                .await
                .unwrap(),
        )
    }

    async fn cast(client: &ActorHandle<Counter>, amount: u64) {
        client.notify(Message::Add(amount)).await.unwrap();
    }

    async fn stop_all(servers: Vec<ActorHandle<Counter>>) {
        for server in &servers {
            server.stop(StopReason::Graceful).await.unwrap();
        }
        for server in servers {
            server.wait_stopped().await;
        }
    }

    async fn set_next(client: &ActorHandle<Counter>, next: ActorHandle<Counter>) {
        client.notify(Message::SetNext(next)).await.unwrap();
    }

    async fn token(client: &ActorHandle<Counter>, hops: u64) {
        client.notify(Message::Token(hops)).await.unwrap();
    }

    async fn hold(client: &ActorHandle<Counter>) {
        client.notify(Message::Hold).await.unwrap();
    }

    async fn work(client: &ActorHandle<Counter>) {
        client.notify(Message::Work).await.unwrap();
    }
}

impl Kill for TokioActors {
    async fn kill(server: ActorHandle<Counter>) {
        server.stop(StopReason::Kill).await.unwrap();
        server.wait_stopped().await;
    }
}

impl Named for TokioActors {
    async fn start_named(name: String) {
        Counter::default().spawn().named(name).await.unwrap();
    }

    async fn call_named(name: &str) -> u64 {
        let server = ActorSystem::default().get::<Counter>(name).unwrap();
        Self::call(&server).await
    }
}
