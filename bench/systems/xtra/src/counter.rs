use common::{CALL_TIMEOUT, State, System, burn_one_microsecond, gate, ring_done};
use tokio::time::timeout;
use xtra::prelude::*;

#[derive(xtra::Actor)]
pub struct Counter(State<Address<Counter>>);

struct Get;
struct Add(u64);
struct SetNext(Address<Counter>);
struct Token(u64);
struct Hold;
struct Work;
struct Stop;

impl Handler<Get> for Counter {
    type Return = u64;
    async fn handle(&mut self, _: Get, _: &mut Context<Self>) -> u64 {
        self.0.value
    }
}

impl Handler<Add> for Counter {
    type Return = ();
    async fn handle(&mut self, Add(amount): Add, _: &mut Context<Self>) {
        self.0.value += amount;
    }
}

impl Handler<SetNext> for Counter {
    type Return = ();
    async fn handle(&mut self, SetNext(next): SetNext, _: &mut Context<Self>) {
        self.0.next = Some(Box::new(next));
    }
}

impl Handler<Token> for Counter {
    type Return = ();
    async fn handle(&mut self, Token(hops): Token, _: &mut Context<Self>) {
        match hops {
            0 => ring_done(),
            _ => {
                let _ = self
                    .0
                    .next
                    .as_ref()
                    .unwrap()
                    .send(Token(hops - 1))
                    .detach()
                    .await;
            }
        }
    }
}

impl Handler<Hold> for Counter {
    type Return = ();
    async fn handle(&mut self, _: Hold, _: &mut Context<Self>) {
        gate().await;
    }
}

impl Handler<Work> for Counter {
    type Return = ();
    async fn handle(&mut self, _: Work, _: &mut Context<Self>) {
        burn_one_microsecond();
    }
}

impl Handler<Stop> for Counter {
    type Return = ();
    async fn handle(&mut self, _: Stop, context: &mut Context<Self>) {
        context.stop_self();
    }
}

pub struct Xtra;

impl System for Xtra {
    // The mailbox is a binary heap: messages of one priority do not keep their order.
    const FIFO: bool = false;

    type Server = Address<Counter>;
    type Client = Address<Counter>;

    async fn start(mailbox: common::Mailbox) -> Address<Counter> {
        let mailbox = match mailbox {
            common::Mailbox::Bounded(bound) => Mailbox::bounded(bound),
            common::Mailbox::Default | common::Mailbox::Unbounded => Mailbox::unbounded(),
        };
        xtra::spawn_tokio(Counter(State::new()), mailbox)
    }

    fn client(server: &Address<Counter>) -> Address<Counter> {
        server.clone()
    }

    async fn call(client: &Address<Counter>) -> u64 {
        client.send(Get).await.unwrap()
    }

    async fn call_queued(client: &Address<Counter>) -> u64 {
        timeout(CALL_TIMEOUT, client.send(Get))
            .await
            .unwrap()
            .unwrap()
    }

    async fn cast(client: &Address<Counter>, amount: u64) {
        let _ = client.send(Add(amount)).detach().await;
    }

    async fn stop_all(servers: Vec<Address<Counter>>) {
        for server in &servers {
            let _ = server.send(Stop).detach().await;
        }
        for server in servers {
            server.join().await;
        }
    }

    async fn set_next(client: &Address<Counter>, next: Address<Counter>) {
        let _ = client.send(SetNext(next)).detach().await;
    }

    async fn token(client: &Address<Counter>, hops: u64) {
        let _ = client.send(Token(hops)).detach().await;
    }

    async fn hold(client: &Address<Counter>) {
        let _ = client.send(Hold).detach().await;
    }

    async fn work(client: &Address<Counter>) {
        let _ = client.send(Work).detach().await;
    }
}
