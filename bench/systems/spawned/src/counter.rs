use std::future::Future;

use common::{Flavour, Mailbox, Named, State, System, burn_one_microsecond, gate, ring_done};
use spawned_concurrency::message::Message;
use spawned_concurrency::registry;
use spawned_concurrency::tasks::{Actor, ActorRef, ActorStart, Context, Handler};

pub struct Counter(State<ActorRef<Counter>>);

impl Actor for Counter {}

struct Get;
struct Add(u64);
struct SetNext(ActorRef<Counter>);
struct Token(u64);
struct Hold;
struct Work;
struct Stop;

impl Message for Get {
    type Result = u64;
}

impl Message for Add {
    type Result = ();
}

impl Message for SetNext {
    type Result = ();
}

impl Message for Token {
    type Result = ();
}

impl Message for Hold {
    type Result = ();
}

impl Message for Work {
    type Result = ();
}

impl Message for Stop {
    type Result = ();
}

impl Handler<Get> for Counter {
    async fn handle(&mut self, _: Get, _: &Context<Self>) -> u64 {
        self.0.value
    }
}

impl Handler<Add> for Counter {
    async fn handle(&mut self, Add(amount): Add, _: &Context<Self>) {
        self.0.value += amount;
    }
}

impl Handler<SetNext> for Counter {
    async fn handle(&mut self, SetNext(next): SetNext, _: &Context<Self>) {
        self.0.next = Some(Box::new(next));
    }
}

impl Handler<Token> for Counter {
    async fn handle(&mut self, Token(hops): Token, _: &Context<Self>) {
        match hops {
            0 => ring_done(),
            _ => self.0.next.as_ref().unwrap().send(Token(hops - 1)).unwrap(),
        }
    }
}

impl Handler<Hold> for Counter {
    async fn handle(&mut self, _: Hold, _: &Context<Self>) {
        gate().await;
    }
}

impl Handler<Work> for Counter {
    async fn handle(&mut self, _: Work, _: &Context<Self>) {
        burn_one_microsecond();
    }
}

impl Handler<Stop> for Counter {
    async fn handle(&mut self, _: Stop, context: &Context<Self>) {
        context.stop();
    }
}

pub struct Spawned;

impl System for Spawned {
    type Server = ActorRef<Counter>;
    type Client = ActorRef<Counter>;

    fn supports(work: &str, _: Flavour) -> bool {
        !work.ends_with("_b")
    }

    async fn start(_: Mailbox) -> ActorRef<Counter> {
        Counter(State::new()).start()
    }

    fn client(server: &ActorRef<Counter>) -> ActorRef<Counter> {
        server.clone()
    }

    async fn call(client: &ActorRef<Counter>) -> u64 {
        client.request(Get).await.unwrap()
    }

    // A request has a timeout of 5 s by default.
    fn call_queued(client: &ActorRef<Counter>) -> impl Future<Output = u64> + Send {
        Self::call(client)
    }

    async fn cast(client: &ActorRef<Counter>, amount: u64) {
        client.send(Add(amount)).unwrap();
    }

    async fn stop_all(servers: Vec<ActorRef<Counter>>) {
        for server in &servers {
            server.send(Stop).unwrap();
        }
        for server in servers {
            server.join().await;
        }
    }

    async fn set_next(client: &ActorRef<Counter>, next: ActorRef<Counter>) {
        client.send(SetNext(next)).unwrap();
    }

    async fn token(client: &ActorRef<Counter>, hops: u64) {
        client.send(Token(hops)).unwrap();
    }

    async fn hold(client: &ActorRef<Counter>) {
        client.send(Hold).unwrap();
    }

    async fn work(client: &ActorRef<Counter>) {
        client.send(Work).unwrap();
    }
}

impl Named for Spawned {
    async fn start_named(name: String) {
        registry::register(&name, Counter(State::new()).start()).unwrap();
    }

    async fn call_named(name: &str) -> u64 {
        let server = registry::whereis::<ActorRef<Counter>>(name).unwrap();
        server.request(Get).await.unwrap()
    }
}
