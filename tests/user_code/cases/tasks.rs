//! Tasks, their values, their supervisors and streams.

use std::time::Duration;

use suptree::prelude::*;
use suptree::{
    ChildId, ChildSpec, Name, Task, TaskError, TaskRef, TaskSupervisor, TaskSupervisorSpec,
    stopping,
};
use tokio::time::sleep;

use super::{SOON, a_while, error, foreign, spend};
use crate::fault::{Fault, Op, own, visit};
use crate::wakers::leave;
use crate::world::PlacedApp;

/// Goes through a stream. Its items are made in the test's own poll, where a panic is its own.
macro_rules! streamed {
    ($stream:expr) => {{
        let mut all = $stream;
        while let Some(outcome) = own(async || all.next().await).await {
            spend(outcome);
        }
    }};
}

/// What of a task is a user's: what makes it, what it holds, its poll, its error; and those that wait for its end.
async fn task(held: Fault, asks: bool) -> Result<(), Fault> {
    let _held = held;
    visit(Op::Run);
    if asks {
        stopping().await;
        visit(Op::Run);
        return Err(Fault::new(1));
    }
    sleep(Duration::from_millis(200)).await;
    visit(Op::Run);
    Ok(())
}

pub(crate) async fn tasks() {
    let app = started!(PlacedApp::start_link(Fault::new(1)));
    for (number, asks) in [(21, false), (22, true), (23, true), (24, false)] {
        let handle = TaskRef::vacant();
        let id = own(async || ChildId::new(Fault::new(number))).await;
        let start = || {
            let (held, id) = (Fault::new(number), id.clone());
            let make = move || {
                visit(Op::Run);
                task(held.clone(), asks)
            };
            app.supervisor()
                .start_child(handle.child_spec(id, make).restart(Restart::Transient))
        };
        drop(start().await);
        a_while().await;
        match number {
            21 => a_while().await,
            22 => drop(handle.stop_with(error(1)).await),
            23 => drop(app.terminate_child(id).await),
            _ => {
                handle.exit(error(2));
                a_while().await;
                handle.kill();
            }
        }
        a_while().await;
        foreign(handle.stop()).await;
    }
    let spec = own(async || {
        ChildSpec::task(ChildId::new(Fault::new(30)), || {
            visit(Op::Run);
            async {
                // Another executor hears of the end.
                let mut stop = Box::pin(stopping());
                while leave(stop.as_mut()).is_pending() {
                    sleep(Duration::from_millis(100)).await;
                }
                foreign(stopping()).await;
                Err::<(), _>(Ended(Fault::new(31)))
            }
        })
    })
    .await;
    drop(app.supervisor().start_child(spec).await);
    a_while().await;
    app.stop().await.unwrap();
}

/// What a future of the user's does and gives.
async fn work(held: Fault, millis: u64) -> Fault {
    visit(Op::Run);
    sleep(Duration::from_millis(millis)).await;
    visit(Op::Run);
    held
}

/// Starts tasks of both kinds, and leaves them alone.
struct Starter;

#[genserver(restart = temporary)]
impl Starter {
    #[init]
    fn init(held: Fault) -> Self {
        drop(held);
        Self
    }

    #[call]
    async fn begin(&self, one: Fault, other: Fault, cx: &mut Context<Self>) {
        drop(cx.spawn_monitored(work(other, 100)));
        drop(cx.spawn_linked(work(one, 100)).await);
    }
}

/// Tasks with values: what their futures hold, do and give, and those that wait for it.
pub(crate) async fn task_values() {
    let task = |number: u32, millis: u64| Task::spawn(work(Fault::new(number), millis));
    let found = |outcome: Result<Fault, TaskError>| {
        if let Err(error) = &outcome {
            let _other = error.downcast_ref::<Fault>().is_some();
        }
        spend(outcome);
    };
    found(task(1, 10).await);
    found(task(2, 200).timeout(SOON).await);
    let mut asked = task(3, 10);
    let early = asked.yield_for(SOON).await;
    early.into_iter().for_each(found);
    asked
        .yield_for(Duration::from_millis(100))
        .await
        .into_iter()
        .for_each(found);
    for how in [Shutdown::BrutalKill, Shutdown::Timeout(SOON)] {
        let late = task(4, 100);
        late.shutdown(how).await.into_iter().for_each(found);
    }
    task(5, 100).ignore().into_iter().for_each(found);
    found(Task::completed(Fault::new(6)).await);
    drop(task(7, 10));
    a_while().await;
    // All at once; where one fails, what the others have given is dropped.
    for last in [10, 200] {
        let some = [task(8, 10), task(9, 20), task(10, last)];
        let all = Task::await_many(some).timeout(Duration::from_millis(100));
        if let Ok(values) = all.await {
            values.into_iter().for_each(Fault::spend);
        }
    }
    let mut some = [task(11, 10), task(12, 200)];
    for found_one in Task::yield_many(&mut some, SOON * 5).kill_late().await {
        found_one.into_iter().for_each(found);
    }
    a_while().await;
    // For what they do.
    for link in [false, true] {
        let held = own(async || Fault::new(13)).await;
        let crash = async move {
            visit(Op::Run);
            sleep(SOON).await;
            Err::<(), _>(held)
        };
        drop(if link {
            Task::start_link(crash)
        } else {
            Task::start(crash)
        });
    }
    let alone = Task::spawn_nolink(work(Fault::new(14), 10));
    found(alone.await);
    // Of a server.
    let starter = started!(Starter::start(Fault::new(15)));
    let begin = own(async || (Fault::new(16), Fault::new(17))).await;
    drop(starter.begin(begin.0, begin.1).await);
    drop(starter.stop().await);
    a_while().await;
    // By another executor.
    foreign(task(18, 10)).await;
    foreign(task(19, 100).shutdown(Shutdown::Timeout(SOON))).await;
    foreign(Task::await_many([task(20, 10), task(21, 20)])).await;
    foreign(own_yield(task(22, 10))).await;
    foreign(own_yields([task(23, 10), task(24, 20)])).await;
    a_while().await;
}

/// Supervisors of tasks, and streams of tasks, of a supervisor and without: what makes their futures, and items.
pub(crate) async fn task_supervisors() {
    let name = own(async || Name::new(Fault::new(1))).await;
    let spec = own(async || TaskSupervisorSpec::new().name(Name::new(Fault::new(1)))).await;
    let tasks = started!(spec.clone().max_children(3).start_link());
    let named = own(async || TaskSupervisor::named(name.clone())).await;
    own(async || TaskSupervisor::whereis(&name).is_some()).await;
    own(async || drop(named.children().await)).await;
    let found = |outcome: Result<Fault, TaskError>| {
        if let Err(TaskError::NotStarted(error)) = &outcome {
            assert!(error.to_string().contains("max_children") || !error.to_string().is_empty());
        }
        spend(outcome);
    };
    // With room, and without.
    let mut started = Vec::new();
    for number in 2..6 {
        let task = tasks.spawn(work(Fault::new(number), 50));
        started.extend(task.await);
        let task = tasks.spawn_nolink(work(Fault::new(number), 50));
        started.extend(task.shutdown(Shutdown::BrutalKill).await);
    }
    if let Some(task) = started.last() {
        drop(tasks.terminate_child(task).await);
    }
    for task in started {
        found(task.await);
    }
    // For what they do.
    for restart in [Restart::Temporary, Restart::Transient] {
        let held = own(async || Fault::new(6)).await;
        let make = move || {
            visit(Op::Run);
            let held = held.clone();
            async move {
                visit(Op::Run);
                sleep(SOON).await;
                Err::<(), _>(held)
            }
        };
        if let Ok(task) = tasks.start_child(make).restart(restart).await {
            sleep(SOON).await;
            drop(tasks.terminate_child(&task).await);
        }
    }
    a_while().await;
    // Streams: their items, and what is made of them.
    let items = || (7..11).map(Fault::new);
    let make = |item: Fault| {
        visit(Op::Run);
        work(item, 10)
    };
    streamed!(Task::async_stream(items(), make).max_concurrency(2));
    streamed!(Task::async_stream(items(), make).unordered());
    let inner = Task::async_stream(items(), make);
    let mut outer = Task::async_stream_of(inner, |item| async move {
        visit(Op::Run);
        item
    });
    while let Some(outcome) = own(async || outer.next().await).await {
        if let Ok(inner) = outcome {
            found(inner);
        }
    }
    streamed!(tasks.async_stream(items(), make).max_concurrency(9));
    streamed!(tasks.async_stream_nolink(items(), make).timeout(SOON));
    streamed!({
        let late = tasks.async_stream_nolink(items(), make).timeout(SOON);
        late.kill_late().max_concurrency(1)
    });
    let late = tasks.async_stream_nolink(items(), make).timeout(SOON * 4);
    let mut zipped = late.max_concurrency(1).zip_input_on_exit();
    while let Some(outcome) = own(async || zipped.next().await).await {
        match outcome {
            Ok(value) => value.spend(),
            Err((item, _)) => item.spend(),
        }
    }
    a_while().await;
    // By another executor.
    foreign(tasks.spawn(work(Fault::new(12), 10))).await;
    foreign(tasks.start_child(|| work_of_nobody(Fault::new(13)))).await;
    foreign(tasks.children()).await;
    let none = own(async || TaskRef::vacant()).await;
    foreign(tasks.terminate_child(&none)).await;
    // All of them have begun, so that it has nothing to do but to wait, for longer than this takes.
    let slow = || {
        let mut millis = 1;
        move |item: Fault| {
            visit(Op::Run);
            millis *= 10;
            work(item, millis)
        }
    };
    let mut stream = Task::async_stream(items(), slow()).max_concurrency(9);
    let first = own(async || stream.next().await).await;
    first.into_iter().for_each(spend);
    foreign(stream.next()).await;
    drop(stream);
    let stream = Task::async_stream(items(), slow()).max_concurrency(9);
    let mut stream = stream.zip_input_on_exit();
    match own(async || stream.next().await).await {
        Some(Ok(value)) => value.spend(),
        Some(Err((item, _))) => item.spend(),
        None => {}
    }
    foreign(stream.next()).await;
    drop(stream);
    tasks.stop().await.unwrap();
    a_while().await;
}

async fn work_of_nobody(held: Fault) {
    work(held, 10).await.spend();
}

async fn own_yield(mut task: Task<Fault>) {
    drop(task.yield_for(Duration::from_millis(50)).await);
}

async fn own_yields(mut tasks: [Task<Fault>; 2]) {
    drop(Task::yield_many(&mut tasks, Duration::from_millis(50)).await);
}

/// What a task of the user's ends with.
struct Ended(Fault);

impl From<Ended> for ExitReason {
    fn from(ended: Ended) -> Self {
        visit(Op::Run);
        Self::from(ended.0)
    }
}
