//! Tasks that are awaited together, or come as a stream.

use suptree::Task;
use tokio::sync::oneshot::{Receiver, Sender, channel};

use super::{in_proportion, scattered};

/// Gates that are opened in no order, one after the other, and those that wait at them.
fn gates(many: usize) -> (Vec<Option<Sender<()>>>, Vec<Receiver<()>>) {
    (0..many)
        .map(|_| channel())
        .map(|(open, opened)| (Some(open), opened))
        .unzip()
}

async fn open_all(mut gates: Vec<Option<Sender<()>>>) {
    for nth in scattered(gates.len()) {
        gates[nth].take().unwrap().send(()).unwrap();
        // The task ends, and who waits for it hears of that.
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
    }
}

/// Who waits for many tasks looks at those that have ended.
#[tokio::test(start_paused = true)]
async fn r295_tasks_that_are_awaited_together() {
    in_proportion(300, async |many| {
        let (gates, opened) = gates(many);
        let tasks: Vec<_> = opened.into_iter().map(Task::spawn).collect();
        tokio::task::yield_now().await;
        async move {
            let (values, ()) = tokio::join!(Task::await_many(tasks), open_all(gates));
            assert_eq!(values.unwrap().len(), many);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn r295_tasks_of_a_stream() {
    in_proportion(300, async |many| {
        let (gates, opened) = gates(many);
        let mut all = Task::async_stream(opened, |gate| gate)
            .max_concurrency(many)
            .unordered();
        async move {
            let take = async {
                for _ in 0..many {
                    all.next().await.unwrap().unwrap().unwrap();
                }
            };
            tokio::join!(take, open_all(gates));
        }
    })
    .await;
}
