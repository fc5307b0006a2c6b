use std::future::Future;

use common::{
    Flavour, Joined, Kill, Mailbox, Named, State, System, burn_one_microsecond, gate, ring_done,
};
use hydra::{Dest, ExitReason, From, GenServer, GenServerOptions, Pid, Process};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

pub struct Counter(State<Pid>);

#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    Get,
    Value(u64),
    Add(u64),
    SetNext(Pid),
    Token(u64),
    Hold,
    Work,
}

impl GenServer for Counter {
    type Message = Message;

    async fn init(&mut self) -> Result<(), ExitReason> {
        Ok(())
    }

    async fn handle_call(
        &mut self,
        message: Message,
        _: From,
    ) -> Result<Option<Message>, ExitReason> {
        match message {
            Message::Get => Ok(Some(Message::Value(self.0.value))),
            _ => unreachable!("not a call"),
        }
    }

    async fn handle_cast(&mut self, message: Message) -> Result<(), ExitReason> {
        match message {
            Message::Add(amount) => self.0.value += amount,
            Message::SetNext(next) => self.0.next = Some(Box::new(next)),
            Message::Token(0) => ring_done(),
            Message::Token(hops) => {
                let next = **self.0.next.as_ref().unwrap();
                Self::cast(next, Message::Token(hops - 1));
            }
            Message::Hold => gate().await,
            Message::Work => burn_one_microsecond(),
            Message::Get | Message::Value(_) => unreachable!("not a cast"),
        }
        Ok(())
    }
}

async fn get(server: impl Into<Dest>) -> u64 {
    match Counter::call(server, Message::Get, None).await.unwrap() {
        Message::Value(value) => value,
        _ => unreachable!("the answer to a get is a value"),
    }
}

/// Calls can only be made by processes.
fn spawn_process<F>(main: F) -> oneshot::Receiver<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let (send_output, output) = oneshot::channel();
    Process::spawn(async move {
        let _ = send_output.send(main.await);
    });
    output
}

pub fn run_in_process<F>(flavour: Flavour, main: F) -> F::Output
where
    F: Future<Output: Send> + Send + 'static,
{
    common::run_on_this_thread(flavour, async move { spawn_process(main).await.unwrap() })
}

pub struct Hydra;

impl System for Hydra {
    type Server = Pid;
    type Client = Pid;

    fn supports(work: &str, _: Flavour) -> bool {
        !work.ends_with("_b") && work != "call_blk"
    }

    fn run<F>(flavour: Flavour, main: F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        run_in_process(flavour, main)
    }

    fn spawn_client<F>(client: F) -> Joined<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let output = spawn_process(client);
        Box::pin(async move { output.await.unwrap() })
    }

    async fn start(_: Mailbox) -> Pid {
        Counter(State::new())
            .start(GenServerOptions::new())
            .await
            .unwrap()
    }

    fn client(server: &Pid) -> Pid {
        *server
    }

    async fn call(client: &Pid) -> u64 {
        get(*client).await
    }

    // A call has a timeout of 5 s by default.
    fn call_queued(client: &Pid) -> impl Future<Output = u64> + Send {
        Self::call(client)
    }

    async fn cast(client: &Pid, amount: u64) {
        Counter::cast(*client, Message::Add(amount));
    }

    async fn stop_all(servers: Vec<Pid>) {
        for server in servers {
            Counter::stop(server, ExitReason::from("shutdown"), None)
                .await
                .unwrap();
        }
    }

    async fn set_next(client: &Pid, next: Pid) {
        Counter::cast(*client, Message::SetNext(next));
    }

    async fn token(client: &Pid, hops: u64) {
        Counter::cast(*client, Message::Token(hops));
    }

    async fn hold(client: &Pid) {
        Counter::cast(*client, Message::Hold);
    }

    async fn work(client: &Pid) {
        Counter::cast(*client, Message::Work);
    }
}

impl Kill for Hydra {
    async fn kill(server: Pid) {
        Process::monitor(server);
        Process::exit(server, ExitReason::Kill);
        // The only message to come is that the process is down.
        let _ = Process::receive::<Message>().await;
    }
}

impl Named for Hydra {
    async fn start_named(name: String) {
        Counter(State::new())
            .start(GenServerOptions::new().name(name))
            .await
            .unwrap();
    }

    async fn call_named(name: &str) -> u64 {
        get(name.to_string()).await
    }
}
