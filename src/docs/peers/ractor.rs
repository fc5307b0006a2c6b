use ractor::concurrency::Duration;
use ractor::{
    Actor, ActorCell, ActorProcessingErr, ActorRef, RpcReplyPort, SupervisionEvent, call, call_t,
};
use ractor_supervisor::{
    ChildSpec, Restart, SpawnFn, Supervisor, SupervisorArguments, SupervisorOptions,
    SupervisorStrategy,
};

struct Counter;

enum CounterMessage {
    Value(RpcReplyPort<i64>),
    Add(i64),
    Divide(i64, RpcReplyPort<i64>),
}

impl Actor for Counter {
    type Msg = CounterMessage;
    type State = i64;
    type Arguments = i64;

    async fn pre_start(
        &self,
        _: ActorRef<CounterMessage>,
        start: i64,
    ) -> Result<i64, ActorProcessingErr> {
        Ok(start)
    }

    async fn handle(
        &self,
        _: ActorRef<CounterMessage>,
        message: CounterMessage,
        state: &mut i64,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            CounterMessage::Value(reply) => reply.send(*state)?,
            CounterMessage::Add(amount) => *state += amount,
            CounterMessage::Divide(by, reply) => {
                *state /= by;
                reply.send(*state)?;
            }
        }
        Ok(())
    }
}

/// Notes how others end.
struct Witness;

enum WitnessMessage {
    Watch(ActorCell, RpcReplyPort<()>),
    Seen(RpcReplyPort<Vec<String>>),
}

impl Actor for Witness {
    type Msg = WitnessMessage;
    type State = Vec<String>;
    type Arguments = ();

    async fn pre_start(
        &self,
        _: ActorRef<WitnessMessage>,
        _: (),
    ) -> Result<Vec<String>, ActorProcessingErr> {
        Ok(Vec::new())
    }

    async fn handle(
        &self,
        myself: ActorRef<WitnessMessage>,
        message: WitnessMessage,
        seen: &mut Vec<String>,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            WitnessMessage::Watch(other, reply) => {
                myself.monitor(other);
                reply.send(())?;
            }
            WitnessMessage::Seen(reply) => reply.send(seen.clone())?,
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        _: ActorRef<WitnessMessage>,
        event: SupervisionEvent,
        seen: &mut Vec<String>,
    ) -> Result<(), ActorProcessingErr> {
        if let SupervisionEvent::ActorFailed(_, reason) = event {
            seen.push(reason.to_string());
        }
        Ok(())
    }
}

fn child(id: &str, spawn_fn: SpawnFn) -> ChildSpec {
    ChildSpec {
        id: id.to_owned(),
        restart: Restart::Permanent,
        spawn_fn,
        backoff_fn: None,
        reset_after: None,
    }
}

fn children(start: i64) -> Vec<ChildSpec> {
    let counter = SpawnFn::new(move |supervisor, id| async move {
        let (counter, _) = Supervisor::spawn_linked(id, Counter, start, supervisor).await?;
        Ok(counter.get_cell())
    });
    let witness = SpawnFn::new(|supervisor, id| async move {
        let (witness, _) = Supervisor::spawn_linked(id, Witness, (), supervisor).await?;
        Ok(witness.get_cell())
    });
    vec![child("counter", counter), child("witness", witness)]
}

/// Children are found by their names, when they are there.
async fn find<M: ractor::Message>(name: &str) -> ActorRef<M> {
    loop {
        if let Some(found) = ActorRef::where_is(name) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = SupervisorArguments {
        child_specs: children(5),
        options: SupervisorOptions {
            strategy: SupervisorStrategy::OneForOne,
            max_restarts: 3,
            max_window: Duration::from_secs(5),
            reset_after: None,
        },
    };
    let (app, ended) = Supervisor::spawn("app".to_owned(), arguments).await?;
    let counter = find::<CounterMessage>("counter").await;
    let witness = find::<WitnessMessage>("witness").await;
    call!(witness, WitnessMessage::Watch, counter.get_cell())?;

    counter.cast(CounterMessage::Add(2))?;
    assert_eq!(call!(counter, CounterMessage::Value)?, 7);
    assert_eq!(call_t!(counter, CounterMessage::Value, 5_000)?, 7);

    assert!(call!(counter, CounterMessage::Divide, 0).is_err()); // a crash
    let counter = loop {
        let found = find::<CounterMessage>("counter").await;
        if found.get_id() != counter.get_id() {
            break found; // the next one
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    };
    assert_eq!(call!(counter, CounterMessage::Value)?, 5);
    let seen = call!(witness, WitnessMessage::Seen)?;
    assert_eq!(seen, ["attempt to divide by zero"]);

    app.stop(None);
    ended.await?;
    Ok(())
}
