//! A queue of jobs: so many run at a time, one that fails or panics is tried again, later and later, and who has asked is told how it
//! ended.
//!
//! Run with `cargo run --example job_queue`. It checks what it finds, and ends by itself.

use std::collections::{HashMap, VecDeque};
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use suptree::Task;
use suptree::prelude::*;

type Attempt = Pin<Box<dyn Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send>>;

/// What there is to do: called for each attempt, with its number.
type Work = Arc<dyn Fn(u32) -> Attempt + Send + Sync>;

/// With which attempt it was done, or why the last one has failed.
type Outcome = Result<u32, ExitReason>;

struct Job {
    work: Work,
    attempts: u32,
    reply: ReplyTo<Outcome>,
}

#[derive(Clone)]
struct Limits {
    at_a_time: usize,
    attempts: u32,
    /// Before the second attempt; twice as long before each one after it.
    pause: Duration,
}

/// It traps exits: each attempt is a task that is linked with it, and whose end arrives at `ended`.
struct Queue {
    limits: Limits,
    ready: VecDeque<Job>,
    running: HashMap<Pid, Job>,
}

#[genserver(name = "queue", trap_exit)]
impl Queue {
    #[init]
    fn init(limits: Limits) -> Self {
        Self {
            limits,
            ready: VecDeque::new(),
            running: HashMap::new(),
        }
    }

    #[call]
    fn run(&mut self, work: Work, reply: ReplyTo<Outcome>) {
        self.ready.push_back(Job {
            work,
            attempts: 0,
            reply,
        });
        self.fill();
    }

    #[call]
    fn running(&self) -> usize {
        self.running.len()
    }

    #[info]
    fn retry(&mut self, job: Job) {
        self.ready.push_back(job);
        self.fill();
    }

    #[exit]
    fn ended(&mut self, task: Pid, reason: ExitReason, cx: &mut Context<Self>) {
        let Some(job) = self.running.remove(&task) else {
            return cx.stop(reason); // no task of ours: somebody wants it to end
        };
        if reason == ExitReason::Normal {
            job.reply.send(Ok(job.attempts));
        } else if job.attempts == self.limits.attempts {
            job.reply.send(Err(reason));
        } else if !job.reply.is_closed() {
            let pause = self.limits.pause * 2_u32.pow(job.attempts - 1);
            cx.client().retry(job).send_after(pause);
        }
        self.fill();
    }

    fn fill(&mut self) {
        while self.running.len() < self.limits.at_a_time {
            let Some(mut job) = self.ready.pop_front() else {
                return;
            };
            job.attempts += 1;
            let (work, attempt) = (Arc::clone(&job.work), job.attempts);
            let task = Task::start_link(async move { work(attempt).await });
            self.running.insert(task.monitor().pid(), job);
        }
    }
}

supervisor! { App(limits: Limits) { strategy: one_for_one, children: [Queue(limits)] } }

fn work<F>(work: impl Fn(u32) -> F + Send + Sync + 'static) -> Work
where
    F: Future<Output = Result<(), Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    Arc::new(move |attempt| Box::pin(work(attempt)))
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn Error>> {
    // The crash of a job is on purpose.
    std::panic::set_hook(Box::new(|_| {}));
    suptree::remove_default_handler();
    let limits = Limits {
        at_a_time: 2,
        attempts: 3,
        pause: Duration::from_secs(1),
    };
    let app = App::start_link(limits).await?;
    let queue = app.queue();
    let start = tokio::time::Instant::now();

    assert_eq!(queue.run(work(async |_| Ok(()))).await?, Ok(1));
    println!("at once: done");

    // The first attempt is an error, the second a panic: one second, and two, before the next ones.
    let third = work(async |attempt| match attempt {
        1 => Err("not yet".into()),
        2 => panic!("not yet"),
        _ => Ok(()),
    });
    assert_eq!(queue.run(third).await?, Ok(3));
    assert_eq!(start.elapsed().as_secs(), 3);
    println!("with the third attempt: done");

    let never = queue.run(work(async |_| Err("no".into()))).await?;
    assert_eq!(never, Err(ExitReason::from("no")));
    println!("never: {}", never.unwrap_err());

    // Four at once, of which two run at a time; a minute each, without a limit for those who wait.
    let minute = work(async |_| {
        tokio::time::sleep(Duration::from_secs(60)).await;
        Ok(())
    });
    let start = tokio::time::Instant::now();
    let four: Vec<_> = (0..4)
        .map(|_| queue.run(minute.clone()).no_timeout())
        .collect();
    let all = futures_util::future::join_all(four);
    let (all, running) = tokio::join!(all, async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        queue.running().await
    });
    assert!(all.iter().all(|outcome| *outcome == Ok(Ok(1))));
    assert_eq!((running?, start.elapsed().as_secs()), (2, 120));
    println!("four, two at a time: done");
    app.stop().await?;
    assert_eq!(suptree::processes().len(), 0);
    Ok(())
}
