//! Cycles through collections of calls, on both sides.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use suptree::prelude::*;
use tokio::time::Instant;

use crate::cycles::{Outcome, Work, is_told};

/// Each of the ring collects: a `join_all` of many has a collection inside, and one may be inside of another.
#[tokio::test(start_paused = true)]
async fn r332_collections_of_all_members_are_seen() {
    #[derive(Default)]
    struct Hub;

    #[genserver]
    impl Hub {
        #[call]
        async fn run(&self, work: Work) -> Outcome {
            work.await
        }

        #[call]
        fn ready(&self) -> usize {
            1
        }
    }

    for many in [1, 3, 40, 100] {
        let (a, b) = (Hub::start().await.unwrap(), Hub::start().await.unwrap());
        let began = Instant::now();
        let meet = Arc::new(tokio::sync::Barrier::new(2));
        let collects = |to: &HubClient, within: bool| {
            let (to, meet) = (to.clone(), Arc::clone(&meet));
            let work = async move {
                meet.wait().await;
                let calls = (0..many).map(|_| to.ready().no_timeout());
                let outcomes = if within {
                    let inner = calls.map(|call| FuturesUnordered::from_iter([call]).collect());
                    let outer: Vec<Vec<_>> = FuturesUnordered::from_iter(inner).collect().await;
                    outer.concat()
                } else {
                    join_all(calls).await
                };
                Ok(outcomes.iter().filter(|outcome| is_told(outcome)).count())
            };
            Box::pin(work) as Work
        };
        let first = a.run(collects(&b, true)).no_timeout();
        let second = b.run(collects(&a, false)).no_timeout();
        let (first, second) = tokio::join!(first, second);
        let mut told = [first.unwrap().unwrap(), second.unwrap().unwrap()];
        told.sort_unstable();
        assert_eq!(told, [0, many]);
        assert_eq!(began.elapsed(), Duration::ZERO);
    }
}
