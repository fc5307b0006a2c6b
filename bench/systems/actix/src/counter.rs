use std::future::Future;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::*};

use actix::prelude::*;
use actix_rt::{Arbiter, ArbiterHandle};
use common::{
    Alive, CALL_TIMEOUT, Flavour, Joined, Mailbox, State, burn_one_microsecond, gate, ring_done,
    wait_until_none_alive,
};

pub struct Counter {
    state: State<Addr<Counter>>,
    _alive: Alive,
}

impl Counter {
    fn new() -> Self {
        Self {
            state: State::new(),
            _alive: Alive::new(),
        }
    }
}

impl Actor for Counter {
    type Context = Context<Self>;
}

#[derive(Message)]
#[rtype(result = "u64")]
struct Get;

#[derive(Message)]
#[rtype(result = "u64")]
struct GetAsync;

#[derive(Message)]
#[rtype(result = "()")]
struct Add(u64);

#[derive(Message)]
#[rtype(result = "()")]
struct SetNext(Addr<Counter>);

#[derive(Message)]
#[rtype(result = "()")]
struct Token(u64);

#[derive(Message)]
#[rtype(result = "()")]
struct Hold;

#[derive(Message)]
#[rtype(result = "()")]
struct Work;

#[derive(Message)]
#[rtype(result = "()")]
struct Stop;

impl Handler<Get> for Counter {
    type Result = u64;
    fn handle(&mut self, _: Get, _: &mut Context<Self>) -> u64 {
        self.state.value
    }
}

impl Handler<GetAsync> for Counter {
    // The async handler that keeps other messages out while it runs, as every async handler of the other systems does.
    type Result = AtomicResponse<Self, u64>;
    fn handle(&mut self, _: GetAsync, _: &mut Context<Self>) -> Self::Result {
        let handler = async {}
            .into_actor(self)
            .map(|(), counter, _| counter.state.value);
        AtomicResponse::new(Box::pin(handler))
    }
}

impl Handler<Add> for Counter {
    type Result = ();
    fn handle(&mut self, Add(amount): Add, _: &mut Context<Self>) {
        self.state.value += amount;
    }
}

impl Handler<SetNext> for Counter {
    type Result = ();
    fn handle(&mut self, SetNext(next): SetNext, _: &mut Context<Self>) {
        self.state.next = Some(Box::new(next));
    }
}

impl Handler<Token> for Counter {
    type Result = ();
    fn handle(&mut self, Token(hops): Token, _: &mut Context<Self>) {
        match hops {
            0 => ring_done(),
            _ => self.state.next.as_ref().unwrap().do_send(Token(hops - 1)),
        }
    }
}

impl Handler<Hold> for Counter {
    type Result = ();
    fn handle(&mut self, _: Hold, context: &mut Context<Self>) {
        context.wait(gate().into_actor(self));
    }
}

impl Handler<Work> for Counter {
    type Result = ();
    fn handle(&mut self, _: Work, _: &mut Context<Self>) {
        burn_one_microsecond();
    }
}

impl Handler<Stop> for Counter {
    type Result = ();
    fn handle(&mut self, _: Stop, context: &mut Context<Self>) {
        context.stop();
    }
}

/// One arbiter, or two where the flavour is multi; servers and clients are placed on them in turn.
static ARBITERS: OnceLock<Vec<ArbiterHandle>> = OnceLock::new();

fn next_arbiter(turn: &AtomicUsize) -> &'static ArbiterHandle {
    let arbiters = ARBITERS.get().unwrap();
    &arbiters[turn.fetch_add(1, Relaxed) % arbiters.len()]
}

pub struct Actix;

impl common::System for Actix {
    type Server = Addr<Counter>;
    type Client = Addr<Counter>;

    fn supports(work: &str, _: Flavour) -> bool {
        !work.ends_with("_b") && work != "call_blk"
    }

    fn run<F>(flavour: Flavour, main: F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        System::new().block_on(async move {
            let mut arbiters = vec![Arbiter::current()];
            if flavour == Flavour::Multi {
                arbiters.push(Arbiter::new().handle());
            }
            ARBITERS.set(arbiters).unwrap();
            actix_rt::spawn(main).await.unwrap()
        })
    }

    fn spawn_client<F>(client: F) -> Joined<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        static TURN: AtomicUsize = AtomicUsize::new(0);
        let (send_output, output) = tokio::sync::oneshot::channel();
        next_arbiter(&TURN).spawn(async move {
            let _ = send_output.send(client.await);
        });
        Box::pin(async move { output.await.unwrap() })
    }

    async fn start(_: Mailbox) -> Addr<Counter> {
        static TURN: AtomicUsize = AtomicUsize::new(0);
        if ARBITERS.get().unwrap().len() == 1 {
            Counter::new().start()
        } else {
            Counter::start_in_arbiter(next_arbiter(&TURN), |_| Counter::new())
        }
    }

    fn client(server: &Addr<Counter>) -> Addr<Counter> {
        server.clone()
    }

    async fn call(client: &Addr<Counter>) -> u64 {
        client.send(Get).await.unwrap()
    }

    async fn call_async(client: &Addr<Counter>) -> u64 {
        client.send(GetAsync).await.unwrap()
    }

    async fn call_queued(client: &Addr<Counter>) -> u64 {
        client.send(Get).timeout(CALL_TIMEOUT).await.unwrap()
    }

    async fn cast(client: &Addr<Counter>, amount: u64) {
        client.do_send(Add(amount));
    }

    async fn stop_all(servers: Vec<Addr<Counter>>) {
        for server in &servers {
            server.do_send(Stop);
        }
        wait_until_none_alive().await;
    }

    async fn set_next(client: &Addr<Counter>, next: Addr<Counter>) {
        client.do_send(SetNext(next));
    }

    async fn token(client: &Addr<Counter>, hops: u64) {
        client.do_send(Token(hops));
    }

    async fn hold(client: &Addr<Counter>) {
        client.do_send(Hold);
    }

    async fn work(client: &Addr<Counter>) {
        client.do_send(Work);
    }
}
