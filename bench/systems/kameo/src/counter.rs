use common::{
    CALL_TIMEOUT, Kill, Mailbox, Named, State, System, burn_one_microsecond, gate, ring_done,
};
use kameo::actor::{Actor, ActorRef, Spawn};
use kameo::error::Infallible;
use kameo::mailbox;
use kameo::message::{Context, Message};

pub struct Counter(State<ActorRef<Counter>>);

impl Actor for Counter {
    type Args = ();
    type Error = Infallible;

    async fn on_start(_: (), _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(Self(State::new()))
    }
}

struct Get;
struct Add(u64);
struct SetNext(ActorRef<Counter>);
struct Token(u64);
struct Hold;
struct Work;

impl Message<Get> for Counter {
    type Reply = u64;
    async fn handle(&mut self, _: Get, _: &mut Context<Self, u64>) -> u64 {
        self.0.value
    }
}

impl Message<Add> for Counter {
    type Reply = ();
    async fn handle(&mut self, Add(amount): Add, _: &mut Context<Self, ()>) {
        self.0.value += amount;
    }
}

impl Message<SetNext> for Counter {
    type Reply = ();
    async fn handle(&mut self, SetNext(next): SetNext, _: &mut Context<Self, ()>) {
        self.0.next = Some(Box::new(next));
    }
}

impl Message<Token> for Counter {
    type Reply = ();
    async fn handle(&mut self, Token(hops): Token, _: &mut Context<Self, ()>) {
        match hops {
            0 => ring_done(),
            _ => self
                .0
                .next
                .as_ref()
                .unwrap()
                .tell(Token(hops - 1))
                .await
                .unwrap(),
        }
    }
}

impl Message<Hold> for Counter {
    type Reply = ();
    async fn handle(&mut self, _: Hold, _: &mut Context<Self, ()>) {
        gate().await;
    }
}

impl Message<Work> for Counter {
    type Reply = ();
    async fn handle(&mut self, _: Work, _: &mut Context<Self, ()>) {
        burn_one_microsecond();
    }
}

pub struct Kameo;

impl System for Kameo {
    type Server = ActorRef<Counter>;
    type Client = ActorRef<Counter>;

    async fn start(mailbox: Mailbox) -> ActorRef<Counter> {
        match mailbox {
            Mailbox::Default => Counter::spawn(()),
            Mailbox::Unbounded => Counter::spawn_with_mailbox((), mailbox::unbounded()),
            Mailbox::Bounded(bound) => Counter::spawn_with_mailbox((), mailbox::bounded(bound)),
        }
    }

    fn client(server: &ActorRef<Counter>) -> ActorRef<Counter> {
        server.clone()
    }

    async fn call(client: &ActorRef<Counter>) -> u64 {
        client.ask(Get).await.unwrap()
    }

    async fn call_queued(client: &ActorRef<Counter>) -> u64 {
        client.ask(Get).reply_timeout(CALL_TIMEOUT).await.unwrap()
    }

    async fn cast(client: &ActorRef<Counter>, amount: u64) {
        client.tell(Add(amount)).await.unwrap();
    }

    async fn stop_all(servers: Vec<ActorRef<Counter>>) {
        for server in &servers {
            server.stop_gracefully().await.unwrap();
        }
        for server in servers {
            server.wait_for_shutdown().await;
        }
    }

    async fn set_next(client: &ActorRef<Counter>, next: ActorRef<Counter>) {
        client.tell(SetNext(next)).await.unwrap();
    }

    async fn token(client: &ActorRef<Counter>, hops: u64) {
        client.tell(Token(hops)).await.unwrap();
    }

    async fn hold(client: &ActorRef<Counter>) {
        client.tell(Hold).await.unwrap();
    }

    async fn work(client: &ActorRef<Counter>) {
        client.tell(Work).await.unwrap();
    }
}

impl Kill for Kameo {
    async fn kill(server: ActorRef<Counter>) {
        server.kill();
        server.wait_for_shutdown().await;
    }
}

impl Named for Kameo {
    async fn start_named(name: String) {
        Counter::spawn(()).register(name).unwrap();
    }

    async fn call_named(name: &str) -> u64 {
        let server = ActorRef::<Counter>::lookup(name).unwrap().unwrap();
        server.ask(Get).await.unwrap()
    }
}
