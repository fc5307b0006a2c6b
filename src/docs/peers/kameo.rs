use std::ops::ControlFlow;
use std::time::Duration;

use kameo::error::Infallible;
use kameo::prelude::*;
use kameo::supervision::RestartPolicy;

struct Counter(i64);

impl Actor for Counter {
    type Args = i64;
    type Error = Infallible;

    async fn on_start(start: i64, _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(Self(start))
    }
}

#[messages]
impl Counter {
    #[message]
    fn value(&self) -> i64 {
        self.0
    }

    #[message]
    fn add(&mut self, amount: i64) {
        self.0 += amount;
    }

    #[message]
    fn divide(&mut self, by: i64) -> i64 {
        self.0 /= by;
        self.0
    }
}

/// Notes how others end.
struct Witness(Vec<String>);

impl Actor for Witness {
    type Args = ();
    type Error = Infallible;

    async fn on_start(_: (), _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(Self(Vec::new()))
    }

    async fn on_link_died(
        &mut self,
        _: WeakActorRef<Self>,
        _: ActorId,
        reason: ActorStopReason,
    ) -> Result<ControlFlow<ActorStopReason>, Infallible> {
        self.0.push(reason.to_string());
        Ok(ControlFlow::Continue(()))
    }
}

#[messages]
impl Witness {
    #[message]
    fn seen(&self) -> Vec<String> {
        self.0.clone()
    }
}

struct App;

impl Actor for App {
    type Args = ();
    type Error = Infallible;

    async fn on_start(_: (), _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::spawn(());
    let counter = Counter::supervise(&app, 5)
        .restart_policy(RestartPolicy::Permanent)
        .restart_limit(3, Duration::from_secs(5))
        .spawn()
        .await;
    counter.register("counter")?;
    let witness = Witness::supervise(&app, ()).spawn().await;
    witness.link(&counter).await;

    counter.tell(Add { amount: 2 }).await?;
    assert_eq!(counter.ask(Value).await?, 7);
    let found = ActorRef::<Counter>::lookup("counter")?.expect("it runs");
    assert_eq!(
        found
            .ask(Value)
            .reply_timeout(Duration::from_secs(5))
            .await?,
        7
    );

    assert!(counter.ask(Divide { by: 0 }).await.is_err()); // a crash
    assert_eq!(counter.ask(Value).await?, 5); // the next one
    // A restart is no end to those who are linked with it.
    assert!(witness.ask(Seen).await?.is_empty());

    app.stop_gracefully().await?;
    app.wait_for_shutdown().await;
    Ok(())
}
