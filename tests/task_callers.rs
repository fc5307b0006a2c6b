//! For whom a task works: its callers and its ancestors, through tasks of tasks.

use suptree::prelude::*;
use suptree::{Task, ancestors, callers};

use crate::support::Reports;
use crate::support::tasks::{Job, Owner, job, panicked};

#[tokio::test(start_paused = true)]
async fn tsk_28_a_task_knows_for_whom_it_works() {
    assert_eq!(callers(), []);
    assert_eq!(Task::spawn(async { callers() }).await, Ok(vec![]));
    let reports = Reports::capture();
    let owner = Owner::start().await.unwrap();
    let server = owner.pid().unwrap();
    let work = job(async move {
        let outer = Task::spawn(async move {
            let own = self_pid();
            assert_eq!(callers(), [server]);
            let inner = Task::spawn(async { (callers(), ancestors()) });
            assert_eq!(inner.await, Ok((vec![own, server], vec![own, server])));
            // A server between them works for nobody.
            let between = Owner::start_link().await.unwrap();
            let next = between.pid().unwrap();
            let asks = job(async move {
                let found = Task::spawn(async { callers() }).await;
                assert_eq!(found, Ok(vec![next]));
                assert_eq!(callers(), []);
            });
            between.done(asks).await.unwrap();
            between.stop().await.unwrap();
            let fails = Task::<u32>::spawn_nolink(async { panic!("no") });
            assert_eq!(panicked(fails.await), "no");
            own
        });
        let task = outer.await.unwrap();
        let _known = ancestors();
        assert_ne!(task, server);
    });
    owner.done(work).await.unwrap();
    let report = reports.only("crash task");
    let named = report.field("callers").to_owned();
    assert!(named.ends_with(&format!(", {server}")), "{named}");
    assert_eq!(
        report.field("started_from"),
        named.split(", ").next().unwrap()
    );
}

/// Tasks that start one another in turn remember the nearest only.
#[tokio::test(start_paused = true)]
async fn tsk_28_a_chain_of_tasks_does_not_remember_more_and_more() {
    fn chain(left: u32, most: usize) -> Job {
        job(async move {
            assert!(callers().len() <= most);
            if left > 0 {
                Task::spawn(chain(left - 1, most)).await.unwrap();
            }
        })
    }
    Task::spawn(chain(100, 32)).await.unwrap();
}
