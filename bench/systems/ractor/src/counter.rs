use common::{
    CALL_TIMEOUT, Flavour, Kill, Mailbox, Named, State, System, burn_one_microsecond, gate,
    ring_done,
};
use ractor::concurrency::JoinHandle;
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort, call, call_t};

pub struct Counter;

pub enum Message {
    Get(RpcReplyPort<u64>),
    Add(u64),
    SetNext(ActorRef<Message>),
    Token(u64),
    Hold,
    Work,
}

impl Actor for Counter {
    type Msg = Message;
    type State = State<ActorRef<Message>>;
    type Arguments = ();

    async fn pre_start(
        &self,
        _: ActorRef<Message>,
        _: (),
    ) -> Result<Self::State, ActorProcessingErr> {
        Ok(State::new())
    }

    async fn handle(
        &self,
        _: ActorRef<Message>,
        message: Message,
        state: &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Get(reply) => reply.send(state.value)?,
            Message::Add(amount) => state.value += amount,
            Message::SetNext(next) => state.next = Some(Box::new(next)),
            Message::Token(0) => ring_done(),
            Message::Token(hops) => state
                .next
                .as_ref()
                .unwrap()
                .cast(Message::Token(hops - 1))?,
            Message::Hold => gate().await,
            Message::Work => burn_one_microsecond(),
        }
        Ok(())
    }
}

pub struct Ractor;

impl System for Ractor {
    type Server = (ActorRef<Message>, JoinHandle<()>);
    type Client = ActorRef<Message>;

    fn supports(work: &str, _: Flavour) -> bool {
        !work.ends_with("_b")
    }

    async fn start(_: Mailbox) -> Self::Server {
        Actor::spawn(None, Counter, ()).await.unwrap()
    }

    fn client((actor, _): &Self::Server) -> ActorRef<Message> {
        actor.clone()
    }

    async fn call(client: &ActorRef<Message>) -> u64 {
        call!(client, Message::Get).unwrap()
    }

    async fn call_queued(client: &ActorRef<Message>) -> u64 {
        call_t!(client, Message::Get, CALL_TIMEOUT.as_millis() as u64).unwrap()
    }

    async fn cast(client: &ActorRef<Message>, amount: u64) {
        client.cast(Message::Add(amount)).unwrap();
    }

    async fn stop_all(servers: Vec<Self::Server>) {
        for (actor, _) in &servers {
            actor.stop(None);
        }
        for (_, task) in servers {
            task.await.unwrap();
        }
    }

    async fn set_next(client: &ActorRef<Message>, next: ActorRef<Message>) {
        client.cast(Message::SetNext(next)).unwrap();
    }

    async fn token(client: &ActorRef<Message>, hops: u64) {
        client.cast(Message::Token(hops)).unwrap();
    }

    async fn hold(client: &ActorRef<Message>) {
        client.cast(Message::Hold).unwrap();
    }

    async fn work(client: &ActorRef<Message>) {
        client.cast(Message::Work).unwrap();
    }
}

impl Kill for Ractor {
    async fn kill((actor, task): Self::Server) {
        actor.kill();
        let _ = task.await;
    }
}

impl Named for Ractor {
    async fn start_named(name: String) {
        Actor::spawn(Some(name), Counter, ()).await.unwrap();
    }

    async fn call_named(name: &str) -> u64 {
        let actor = ActorRef::<Message>::where_is(name).unwrap();
        call!(actor, Message::Get).unwrap()
    }
}
