//! Work beside a server: a task that answers a call in the server's stead, and ends with it.

use std::future::Future;
use std::pin::pin;

use super::callers;
use super::process::TaskProcess;
use super::start::{register, run, task_name};
use crate::catch::Caught;
use crate::exit_reason::ExitReason;
use crate::gen_server::{Context, GenServer};
use crate::guard::Guarded;
use crate::planted::{Bug, planted};
use crate::process::pid::Pid;
use crate::process::{Process as _, Signal, Tie, current, node};
use crate::reply::ReplyTo;
use crate::sync::Arc;

/// Where the reply of a task goes. One that is dropped without a reply tells the caller what the task has ended of.
struct Answer<R>(Option<ReplyTo<R>>);

impl<R> Answer<R> {
    fn send(mut self, reply: R) {
        if let Some(to) = self.0.take() {
            to.send(reply);
        }
    }

    fn fail(mut self, reason: ExitReason) {
        if let Some(to) = self.0.take() {
            to.fail(reason);
        }
    }
}

impl<R> Drop for Answer<R> {
    fn drop(&mut self) {
        let Some(to) = self.0.take() else { return };
        let task = current::pid().and_then(node::process);
        match task.and_then(|task| task.header().exit_reason().cloned()) {
            Some(reason) => to.fail(reason),
            None => drop(to),
        }
    }
}

/// A call is answered by what a future comes to, which runs beside the server. What `#[call(task)]` expands to.
pub fn answer_by_task<S, F>(
    cx: &Context<S>,
    reply: ReplyTo<F::Output>,
    future: F,
) -> Result<(), ExitReason>
where
    S: GenServer,
    F: Future<Output: Send + 'static> + Send + 'static,
{
    begin(cx.pid(), future, reply);
    Ok(())
}

fn begin<F>(server: Pid, future: F, reply: ReplyTo<F::Output>)
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let (future, answer) = (Guarded::new(future), Answer(Some(reply)));
    let name = task_name::<F>();
    let Ok(me) = register(name, Tie::None, callers::of_next(), Some(server)) else {
        // The runtime is going, and the server with it.
        return;
    };
    join(&me, server);
    let work = async move {
        // Whatever the task is dropped with, the future goes first.
        let answer = answer;
        let future = pin!(Some(future.into_inner()));
        match Caught::new(future).await {
            Ok(reply) => {
                answer.send(reply);
                Ok(())
            }
            Err(panic) => {
                answer.fail(panic.clone());
                Err(panic)
            }
        }
    };
    run(&me, Guarded::new(Box::pin(work)));
}

/// The server's end is told the task, as by a link. The task's end is nothing to the server.
fn join(me: &Arc<TaskProcess>, server: Pid) {
    let joined = node::process(server).is_some_and(|server| {
        planted(Bug::WorkOutlivesItsServer) || server.header().add_link(me.pid())
    });
    if !joined {
        Arc::clone(me).signal(Signal::Exit {
            from: Some(server),
            reason: ExitReason::NoProc,
            linked: true,
        });
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use crate::gen_server::{Context, GenServer, NoMessage, ServerRef};
    use crate::planted::{Bug, plant};
    use crate::sync::Arc;
    use crate::{ExitReason, ReplyTo};

    struct Holds;

    impl GenServer for Holds {
        type Args = ();
        type Call = (ReplyTo<()>, Arc<()>);
        type Cast = NoMessage;
        type Info = NoMessage;
        type Client = ServerRef<Self>;

        async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            Ok(Self)
        }

        async fn handle_call(
            &mut self,
            (reply, held): Self::Call,
            cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            super::answer_by_task(cx, reply, async move {
                pending::<()>().await;
                drop(held);
            })
        }
    }

    /// How many references are left when the server has stopped and others have had their turns.
    async fn left(bug: Option<Bug>) -> usize {
        let held = Arc::new(());
        let server = crate::start::<Holds>(()).await.expect("starts");
        plant(bug);
        let kept = Arc::clone(&held);
        let calling = server.call_with(move |reply| (reply, kept)).owned();
        let calling = tokio::spawn(calling);
        tokio::task::yield_now().await;
        server.stop().await.expect("it lives");
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        plant(None);
        calling.abort();
        Arc::strong_count(&held) - 1
    }

    #[tokio::test(start_paused = true)]
    async fn r344_work_that_outlives_its_server_is_noticed() {
        assert_eq!(left(None).await, 0);
        assert_eq!(left(Some(Bug::WorkOutlivesItsServer)).await, 1);
    }
}
