//! Cycles of calls: what is told at once, and what is not, because somebody may go on.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use suptree::prelude::*;
use suptree::{CallCycle, Name, process_info};
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use crate::support::{ms, settle};

pub(crate) type Outcome = Result<usize, CallError>;
pub(crate) type Work = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// The cycle that was told, by its members.
fn told(outcome: Outcome) -> CallCycle {
    match outcome {
        Err(CallError::Deadlock(cycle)) => cycle,
        other => panic!("{other:?} is no cycle"),
    }
}

pub(crate) fn is_told(outcome: &Outcome) -> bool {
    matches!(outcome, Err(CallError::Deadlock(_)))
}

/// Servers that do in their handlers what they are told to, in place or by the queue.
macro_rules! nodes {
    ($($module:ident: $inline:ident;)*) => {$(
        mod $module {
            use super::*;

            pub(super) struct Node(Vec<ReplyTo<()>>);

            #[genserver(name = name.clone(), inline = $inline, mailbox = 4)]
            impl Node {
                #[init]
                async fn init(name: Name, work: Option<Work>) -> Self {
                    if let Some(work) = work {
                        drop(work.await);
                    }
                    drop(name);
                    Self(Vec::new())
                }

                #[call]
                async fn run(&mut self, work: Work) -> Outcome {
                    work.await
                }

                #[cast]
                async fn run_later(&mut self, work: Work, done: oneshot::Sender<Outcome>) {
                    drop(done.send(work.await));
                }

                #[call]
                fn ready(&self) -> usize {
                    1
                }

                /// Answers from elsewhere.
                #[call]
                fn later(&self, go: Arc<Notify>, reply: ReplyTo<usize>) {
                    tokio::spawn(async move {
                        go.notified().await;
                        reply.send(1);
                    });
                }

                /// Answers by a handler that has its reply handle.
                #[call]
                async fn run_and_reply(&mut self, work: Work, reply: ReplyTo<usize>) {
                    reply.send(work.await.unwrap_or(0));
                }

                #[call]
                fn keep(&mut self, reply: ReplyTo<()>) {
                    self.0.push(reply);
                }

                #[call]
                fn answer_kept(&mut self) {
                    self.0.drain(..).for_each(|reply| reply.send(()));
                }
            }

            async fn start(name: &'static str) -> NodeClient {
                Node::start(Name::from_static(name), None).await.unwrap()
            }

            async fn run(node: &NodeClient, work: impl Future<Output = Outcome> + Send + 'static) -> Outcome {
                node.run(Box::pin(work) as Work).no_timeout().await?
            }

            /// In a handler that nobody waits for.
            async fn begin(
                node: &NodeClient,
                work: impl Future<Output = Outcome> + Send + 'static,
            ) -> oneshot::Receiver<Outcome> {
                let (done, outcome) = oneshot::channel();
                node.run_later(Box::pin(work) as Work, done).await.unwrap();
                outcome
            }

            /// Each is called in the handler of the one before it.
            fn follow(chain: Vec<NodeClient>) -> Work {
                Box::pin(async move {
                    match chain.split_first() {
                        None => Ok(0),
                        Some((last, [])) => last.ready().no_timeout().await,
                        Some((next, rest)) => run(next, follow(rest.to_vec())).await,
                    }
                })
            }

            fn pid(node: &NodeClient) -> Pid {
                node.pid().unwrap()
            }

            #[tokio::test(start_paused = true)]
            async fn r56_f12_rings_of_two_to_ten_are_told_at_once() {
                const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
                let mut nodes = Vec::new();
                for name in NAMES {
                    nodes.push(start(name).await);
                }
                let began = Instant::now();
                for many in 2..=NAMES.len() {
                    let mut chain = nodes[1..many].to_vec();
                    chain.push(nodes[0].clone());
                    // The last is told, who called the first, which waits for the second, and so on.
                    let mut pids: Vec<_> = nodes[..many].iter().map(pid).collect();
                    pids.rotate_right(1);
                    let mut names = NAMES[..many].to_vec();
                    names.rotate_right(1);
                    names.push(names[0]);
                    for by_cast in [false, true] {
                        let outcome = if by_cast {
                            begin(&nodes[0], follow(chain.clone())).await.await.unwrap()
                        } else {
                            run(&nodes[0], follow(chain.clone())).await
                        };
                        let cycle = told(outcome);
                        assert_eq!(cycle.pids().collect::<Vec<_>>(), pids);
                        assert_eq!(cycle.to_string(), names.join(" -> "));
                    }
                    assert_eq!(nodes[0].ready().await, Ok(1), "it lives on");
                }
                assert_eq!(began.elapsed(), Duration::ZERO);
            }

            /// Both have begun before either calls; one of them is told, and the other is answered.
            #[tokio::test(start_paused = true)]
            async fn gs_72_r56_of_two_that_call_each_other_one_is_told() {
                let (a, b) = (start("a").await, start("b").await);
                let began = Instant::now();
                for round in 0..20 {
                    let meet = Arc::new(tokio::sync::Barrier::new(2));
                    let calls = |to: &NodeClient| {
                        let (to, meet) = (to.clone(), Arc::clone(&meet));
                        async move {
                            meet.wait().await;
                            to.ready().no_timeout().await
                        }
                    };
                    let (first, second) = (begin(&a, calls(&b)).await, begin(&b, calls(&a)).await);
                    let outcomes = [first.await.unwrap(), second.await.unwrap()];
                    let told = outcomes.iter().filter(|outcome| is_told(outcome)).count();
                    assert_eq!(told, 1, "{round}: {outcomes:?}");
                    assert!(outcomes.contains(&Ok(1)), "{round}: {outcomes:?}");
                }
                assert_eq!(began.elapsed(), Duration::ZERO);
            }

            #[tokio::test(start_paused = true)]
            async fn r57_a_ring_through_a_task_ends_with_the_timeout() {
                let (a, b) = (start("a").await, start("b").await);
                let (to_a, to_b) = (a.clone(), b.clone());
                let in_a_task = async move {
                    let task = tokio::spawn(async move { to_a.ready().timeout(ms(100)).await });
                    task.await.unwrap()
                };
                let outcome = run(&a, async move { run(&to_b, in_a_task).await }).await;
                assert_eq!(outcome, Err(CallError::Timeout(ms(100))));
                assert_eq!((a.ready().await, b.ready().await), (Ok(1), Ok(1)));
            }

            /// `b` has given the reply away, and calls `a`, which waits for it.
            #[tokio::test(start_paused = true)]
            async fn r331_a_reply_that_comes_from_elsewhere_is_waited_for() {
                let (a, b) = (start("a").await, start("b").await);
                let go = Arc::new(Notify::new());
                let (to_a, to_b, goes) = (a.clone(), b.clone(), Arc::clone(&go));
                let waits = begin(&a, async move { to_b.later(goes).no_timeout().await }).await;
                settle().await;
                let calls_back = begin(&b, async move { to_a.ready().no_timeout().await }).await;
                settle().await;
                go.notify_one();
                assert_eq!(waits.await.unwrap(), Ok(1));
                assert_eq!(calls_back.await.unwrap(), Ok(1));
            }

            /// A handler that has its reply handle might use it elsewhere: its caller is not told.
            #[tokio::test(start_paused = true)]
            async fn r331_a_handler_with_its_reply_handle_is_no_part_of_a_ring() {
                let (a, b) = (start("a").await, start("b").await);
                let (to_a, to_b) = (a.clone(), b.clone());
                let work: Work = Box::pin(async move { to_a.ready().timeout(ms(50)).await });
                let outer = run(&a, async move { to_b.run_and_reply(work).no_timeout().await });
                assert_eq!(outer.await, Ok(0), "after the timeout of the inner call");
            }

            /// While it waits in the queue it counts: nobody has its reply handle.
            #[tokio::test(start_paused = true)]
            async fn r331_a_call_that_is_to_be_answered_later_counts_while_it_is_queued() {
                let (a, b) = (start("a").await, start("b").await);
                let meet = Arc::new(tokio::sync::Barrier::new(2));
                let began = Instant::now();
                let calls = |to: &NodeClient| {
                    let (to, meet) = (to.clone(), Arc::clone(&meet));
                    async move {
                        meet.wait().await;
                        to.run_and_reply(Box::pin(async { Ok::<usize, CallError>(7) })).no_timeout().await
                    }
                };
                let (first, second) = (begin(&a, calls(&b)).await, begin(&b, calls(&a)).await);
                let mut outcomes = [first.await.unwrap(), second.await.unwrap()];
                outcomes.sort_by_key(is_told);
                assert_eq!(outcomes[0], Ok(7));
                assert!(is_told(&outcomes[1]), "{outcomes:?}");
                assert_eq!(began.elapsed(), Duration::ZERO);
            }

            /// One of several calls may be answered yet; when it is, the other is told.
            #[tokio::test(start_paused = true)]
            async fn r332_a_server_that_waits_in_several_calls_may_go_on_by_one_of_them() {
                let (a, b, c) = (start("a").await, start("b").await, start("c").await);
                let began = Instant::now();
                let go = Arc::new(Notify::new());
                let both = |goes: Arc<Notify>| {
                    let ring = run_owned(b.clone(), follow(vec![a.clone()]));
                    let other = c.clone();
                    (ring, async move { other.later(goes).no_timeout().await })
                };
                let (ring, free) = both(Arc::clone(&go));
                let selects = begin(&a, async move {
                    tokio::select! {
                        ring = ring => ring,
                        free = free => free.map(|n| 10 * n),
                    }
                })
                .await;
                settle().await;
                go.notify_one();
                assert_eq!(selects.await.unwrap(), Ok(10));
                assert_eq!(b.ready().await, Ok(1), "its call was answered when `a` was done");

                let (ring, free) = both(Arc::clone(&go));
                let mut joins = begin(&a, async move {
                    let (ring, free) = tokio::join!(ring, free);
                    assert_eq!(free, Ok(1));
                    ring
                })
                .await;
                settle().await;
                assert!(joins.try_recv().is_err(), "it may go on");
                go.notify_one();
                assert_eq!(told(joins.await.unwrap()).pids().next(), Some(pid(&b)));
                assert_eq!(began.elapsed(), Duration::ZERO);
            }

            async fn run_owned(node: NodeClient, work: Work) -> Outcome {
                run(&node, work).await
            }

            /// Two rings through one server: both calls of it are in one, so it is told of each.
            #[tokio::test(start_paused = true)]
            async fn r332_a_server_all_of_whose_calls_are_in_rings_is_in_one() {
                let (a, b, c) = (start("a").await, start("b").await, start("c").await);
                let began = Instant::now();
                let rings = [&b, &c].map(|node| run_owned(node.clone(), follow(vec![a.clone()])));
                let outcomes = begin(&a, async move {
                    let outcomes = join_all(rings).await;
                    Ok(outcomes.iter().filter(|outcome| is_told(outcome)).count())
                });
                assert_eq!(outcomes.await.await.unwrap(), Ok(2));
                assert_eq!(began.elapsed(), Duration::ZERO);
            }

            /// A `FuturesUnordered` polls again only what was woken: so the others are woken, to see whether they are waited for.
            #[tokio::test(start_paused = true)]
            async fn r332_calls_in_a_collection_that_polls_what_was_woken_are_told() {
                let (a, b) = (start("a").await, start("b").await);
                let (began, to_a) = (Instant::now(), a.clone());
                let collects: Work = Box::pin(async move {
                    let calls = (0..3).map(|_| to_a.ready().no_timeout());
                    let outcomes: Vec<_> = FuturesUnordered::from_iter(calls).collect().await;
                    Ok(outcomes.iter().filter(|outcome| is_told(outcome)).count())
                });
                let outcome = run_owned(a.clone(), Box::pin(run_owned(b, collects)));
                assert_eq!(outcome.await, Ok(3));
                assert_eq!(began.elapsed(), Duration::ZERO);
                assert_eq!(a.ready().await, Ok(1));
            }

            /// The first answer is enough: the other calls are kept, and nobody waits for them.
            #[tokio::test(start_paused = true)]
            async fn r332_a_collection_that_is_kept_is_not_waited_for() {
                let (a, b, c) = (start("a").await, start("b").await, start("c").await);
                let (to_a, to_b, to_c) = (a.clone(), b.clone(), c.clone());
                let [calls_back, ends] = std::array::from_fn(|_| Arc::new(Notify::new()));
                let (back, end) = (calls_back.clone(), ends.clone());
                let work: Work = Box::pin(async move {
                    back.notified().await;
                    to_a.ready().no_timeout().await
                });
                let asks_two = begin(&a, async move {
                    let calls: [Work; 2] = [Box::pin(run_owned(to_b, work)), Box::pin(run_owned(to_c, follow(vec![])))];
                    let mut calls = FuturesUnordered::from_iter(calls);
                    let first = calls.next().await;
                    end.notified().await;
                    first.unwrap()
                })
                .await;
                settle().await;
                calls_back.notify_one();
                settle().await;
                assert!(b.ready().timeout(ms(20)).await.is_err(), "it waits for `a`");
                ends.notify_one();
                assert_eq!(asks_two.await.unwrap(), Ok(0));
                assert_eq!(b.ready().await, Ok(1), "its call was answered");
            }

            /// A call that was sent ahead, and is not waited for: the handler has waited for something else since it polled it.
            #[tokio::test(start_paused = true)]
            async fn r332_a_call_that_a_handler_holds_is_not_waited_for() {
                let (a, b) = (start("a").await, start("b").await);
                let (to_a, to_b) = (a.clone(), b.clone());
                let [calls_back, goes_on, ends] = std::array::from_fn(|_| Arc::new(Notify::new()));
                let (back, on, end) = (calls_back.clone(), goes_on.clone(), ends.clone());
                let work: Work = Box::pin(async move {
                    back.notified().await;
                    to_a.ready().no_timeout().await
                });
                let holds = begin(&a, async move {
                    let mut sent = Box::pin(run_owned(to_b, work));
                    assert!(futures_util::poll!(&mut sent).is_pending());
                    on.notified().await;
                    end.notified().await;
                    drop(sent);
                    Ok(5)
                })
                .await;
                settle().await;
                goes_on.notify_one();
                settle().await;
                calls_back.notify_one();
                settle().await;
                assert!(b.ready().timeout(ms(20)).await.is_err(), "it waits for `a`");
                ends.notify_one();
                assert_eq!(holds.await.unwrap(), Ok(5));
                assert_eq!(b.ready().await, Ok(1));
            }

            /// A call that was sent ahead by a handler that goes on to something else in the same poll, which keeps it, or has a task wait for it.
            #[tokio::test(start_paused = true)]
            async fn r386_a_call_that_was_sent_ahead_in_the_same_poll_is_not_waited_for() {
                let (a, b) = (start("a").await, start("b").await);
                for kept in [false, true] {
                    let (to_a, to_b) = (a.clone(), b.clone());
                    let calls_back: Work = Box::pin(async move { to_a.ready().no_timeout().await });
                    let (ends, end) = oneshot::channel::<()>();
                    let (answered, answer) = oneshot::channel();
                    let sends_ahead = begin(&a, async move {
                        let mut sent: Work = Box::pin(run_owned(to_b, calls_back));
                        assert!(futures_util::poll!(&mut sent).is_pending());
                        let sent = if kept {
                            Some(sent)
                        } else {
                            tokio::spawn(async move {
                                settle().await;
                                drop(answered.send(sent.await));
                            });
                            None
                        };
                        drop(end.await);
                        drop(sent);
                        Ok(5)
                    })
                    .await;
                    settle().await;
                    assert!(b.ready().timeout(ms(20)).await.is_err(), "it waits for `a`");
                    drop(ends);
                    assert_eq!(sends_ahead.await.unwrap(), Ok(5));
                    assert_eq!(b.ready().await, Ok(1), "its call was answered");
                    if !kept {
                        assert_eq!(answer.await.unwrap(), Ok(1));
                    }
                }
            }

            #[tokio::test(start_paused = true)]
            async fn r333_a_call_that_allows_a_cycle_waits_for_its_timeout() {
                let (a, b) = (start("a").await, start("b").await);
                let to = |node: &NodeClient| node.clone();
                let (to_a, to_b) = (to(&a), to(&b));
                let inner = async move { to_a.ready().timeout(ms(100)).allow_cycle().await };
                let outer = run(&a, async move { run(&to_b, inner).await }).await;
                assert_eq!(outer, Err(CallError::Timeout(ms(100))));
                // The other way round: by the outer one, and by one that owns its reference, or waits for a restart.
                let (to_a, to_b) = (to(&a), to(&b));
                let inner: Work = Box::pin(async move { to_a.ready().timeout(ms(100)).await });
                let outer = run(&a, async move { to_b.run(inner).allow_cycle().owned().await? }).await;
                assert_eq!(outer, Err(CallError::Timeout(ms(100))));
                let to_b = to(&b);
                let inner: Work = Box::pin(async {
                    Node::named(Name::from_static("a")).ready().timeout(ms(100)).allow_cycle().await_restart().await
                });
                let outer = run(&a, async move { to_b.run(inner).await? }).await;
                assert_eq!(outer, Err(CallError::Timeout(ms(100))));
            }

            /// What gave up waits for nobody: then it is a chain.
            #[tokio::test(start_paused = true)]
            async fn r334_a_call_that_is_dropped_or_late_is_none() {
                let (a, b) = (start("a").await, start("b").await);
                let (to_a, to_b) = (a.clone(), b.clone());
                let go = Arc::new(Notify::new());
                let goes = Arc::clone(&go);
                let slow: Work = Box::pin(async move {
                    goes.notified().await;
                    to_a.ready().no_timeout().await
                });
                let gives_up = begin(&a, async move {
                    drop(tokio::time::timeout(ms(20), to_b.run(slow)).await);
                    tokio::time::sleep(ms(100)).await;
                    Ok(3)
                })
                .await;
                tokio::time::sleep(ms(50)).await;
                go.notify_one();
                assert_eq!(gives_up.await.unwrap(), Ok(3));
                assert_eq!(b.ready().await, Ok(1));
            }

            #[tokio::test(start_paused = true)]
            async fn r334_a_server_that_dies_is_no_part_of_a_ring() {
                let (a, b, c) = (start("a").await, start("b").await, start("c").await);
                let go = Arc::new(Notify::new());
                let (goes, back) = (Arc::clone(&go), a.clone());
                let last: Work = Box::pin(async move {
                    goes.notified().await;
                    back.ready().no_timeout().await
                });
                let (to_b, to_c) = (b.clone(), c.clone());
                let outer = begin(&a, async move {
                    let middle: Work = Box::pin(async move { run(&to_c, last).await });
                    to_b.run(middle).no_timeout().await?
                })
                .await;
                settle().await;
                let end = b.monitor();
                b.kill();
                end.await;
                go.notify_one();
                assert_eq!(outer.await.unwrap(), Err(CallError::Exited(ExitReason::Killed)));
                assert_eq!(c.ready().await, Ok(1));
            }

            /// A call that waits for room has not even been queued: its arguments come back.
            #[tokio::test(start_paused = true)]
            async fn r335_a_call_that_waits_for_room_counts() {
                let (a, b) = (start("a").await, start("b").await);
                let began = Instant::now();
                let to_a = a.clone();
                let inner: Work = Box::pin(async move {
                    for _ in 0..4 {
                        drop(to_a.run_later(follow(Vec::new()), oneshot::channel().0).try_send());
                    }
                    let refused = to_a.run(follow(Vec::new())).no_timeout().keep_args().await;
                    let failed = refused.unwrap_err();
                    let cycle = told(Err((*failed).clone()));
                    assert!(failed.into_args().is_some());
                    Err(CallError::Deadlock(cycle))
                });
                let to_b = b.clone();
                let cycle = told(run(&a, async move { to_b.run(inner).await? }).await);
                assert_eq!(cycle.pids().collect::<Vec<_>>(), [pid(&b), pid(&a)]);
                assert_eq!(began.elapsed(), Duration::ZERO);
            }

            /// It does so also when there was room for it, and it is queued.
            #[tokio::test(start_paused = true)]
            async fn r335_a_call_that_has_waited_for_room_counts() {
                let (a, b) = (start("a").await, start("b").await);
                let opened = Arc::new(Notify::new());
                let gate = Arc::clone(&opened);
                let _waits = begin(&b, async move {
                    gate.notified().await;
                    Ok(0)
                })
                .await;
                tokio::task::yield_now().await;
                let to_a = a.clone();
                let inner = begin(&b, async move { to_a.ready().no_timeout().await }).await;
                for _ in 0..3 {
                    drop(begin(&b, async { Ok(0) }).await);
                }
                let to_b = b.clone();
                let outer = begin(&a, async move { to_b.ready().no_timeout().await }).await;
                settle().await;
                assert_eq!(process_info(pid(&b)).unwrap().mailbox_len, 4);
                let began = Instant::now();
                opened.notify_one();
                let both = async { [inner.await.unwrap(), outer.await.unwrap()] };
                let both = tokio::time::timeout(Duration::from_secs(60), both).await;
                let both = both.expect("one of them is told");
                assert_eq!(both.iter().filter(|outcome| is_told(outcome)).count(), 1, "{both:?}");
                assert!(both.contains(&Ok(1)), "{both:?}");
                assert_eq!(began.elapsed(), Duration::ZERO);
            }

            /// By its name one may be called while it starts; and its `init` may call.
            #[tokio::test(start_paused = true)]
            async fn r335_an_init_that_calls_may_be_in_a_ring() {
                let b = start("b").await;
                let began = Instant::now();
                let (say, said) = oneshot::channel();
                let to_b = b.clone();
                let work: Work = Box::pin(async move {
                    let back: Work = Box::pin(async {
                        Node::named(Name::from_static("a")).ready().no_timeout().await
                    });
                    let outcome = to_b.run(back).no_timeout().await?;
                    drop(say.send(outcome.clone()));
                    outcome
                });
                let a = Node::start(Name::from_static("a"), Some(work)).await.unwrap();
                assert_eq!(told(said.await.unwrap()).pids().collect::<Vec<_>>(), [pid(&b), pid(&a)]);
                assert_eq!(began.elapsed(), Duration::ZERO);
            }

            /// Who waits for something else, too, may go on: a supervisor answers.
            #[tokio::test(start_paused = true)]
            async fn r332_a_handler_that_asks_a_supervisor_as_well_is_not_told() {
                supervisor! { Family { strategy: one_for_one, children: [] } }
                let family = Family::start_link().await.unwrap();
                let (a, b) = (start("a").await, start("b").await);
                let (to_a, to_b) = (a.clone(), b.clone());
                let inner: Work = Box::pin(async move { to_a.ready().no_timeout().await });
                let outcome = run(&a, async move {
                    tokio::select! {
                        outcome = run_owned(to_b, inner) => outcome,
                        count = family.count_children() => Ok(count.unwrap().active + 7),
                    }
                });
                assert_eq!(outcome.await, Ok(7));
            }
        }
    )*};
}

nodes! {
    in_place: auto;
    queued: never;
}

/// A runtime each.
#[test]
fn r56_a_ring_across_runtimes_is_told() {
    #[derive(Default)]
    struct Far;

    #[genserver]
    impl Far {
        #[call]
        async fn follow(&self, chain: Vec<FarClient>) -> Outcome {
            match chain.split_first() {
                None => Ok(0),
                Some((next, rest)) => next.follow(rest.to_vec()).no_timeout().await?,
            }
        }
    }

    let runtimes: Vec<_> = (0..3)
        .map(|_| {
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap()
        })
        .collect();
    let start =
        |runtime: &tokio::runtime::Runtime| runtime.block_on(async { Far::start().await.unwrap() });
    let far: Vec<_> = runtimes.iter().map(start).collect();
    for _ in 0..50 {
        let chain = vec![far[1].clone(), far[2].clone(), far[0].clone()];
        let cycle = told(
            runtimes[0]
                .block_on(far[0].follow(chain).no_timeout())
                .unwrap(),
        );
        assert_eq!(cycle.pids().count(), 3);
    }
}

#[tokio::test]
async fn a_deadlock_says_who_and_what_to_do() {
    #[derive(Default)]
    struct Lonely;

    #[genserver]
    impl Lonely {
        #[call]
        async fn follow(&self, chain: Vec<LonelyClient>) -> Outcome {
            match chain.split_first() {
                None => Ok(0),
                Some((next, rest)) => next.follow(rest.to_vec()).await?,
            }
        }
    }

    let (a, b) = (
        Lonely::start().await.unwrap(),
        Lonely::start().await.unwrap(),
    );
    let error = a
        .follow(vec![b.clone(), a.clone()])
        .await
        .unwrap()
        .unwrap_err();
    let (a, b) = (a.pid().unwrap(), b.pid().unwrap());
    assert_eq!(
        error.to_string(),
        format!(
            "exited in a call: ** (EXIT) deadlock: each waits for the next in a call, {b} -> {a} -> {b}, and none can go on; \
             let one of them cast, or answer later by a ReplyTo"
        )
    );
}
