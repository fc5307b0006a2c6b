//! Registries and process groups.

use std::panic::{AssertUnwindSafe, catch_unwind};

use suptree::prelude::*;
use suptree::{ChildSpec, Duplicate, Groups, Registry};

use super::{SOON, a_while, foreign};
use crate::fault::{Fault, Op, own, visit};
use crate::wakers::leave;
use crate::world::{Beside, Placed, PlacedApp, Registrant, RegistrantClient};

/// Keys and values of registries, what is asked of them by closures, and those that wait for something in one.
pub(crate) async fn registries() {
    let unique = own(async || Registry::<Fault, Fault>::unique()).await;
    let topics = Registry::<Fault, Fault, Duplicate>::duplicate();
    let mut events = topics.listen();
    let server = started!(Registrant::start((unique.clone(), topics.clone())));
    // Two keys of one hash, and one that is taken.
    for number in [1, 2, 1] {
        let refused = own(async || {
            let registered = unique.register_process(&server, Fault::new(number), Fault::new(9));
            registered.err()
        });
        if let Some(refused) = refused.await {
            refused.key.spend();
            refused.value.spend();
        }
        own(async || {
            topics
                .register_process(&server, Fault::new(number), Fault::new(8))
                .is_ok()
        })
        .await;
    }
    let pid = server.pid().expect("nothing of its own has run");
    for number in [1, 2, 3] {
        let (one, key) = (own(async || Fault::new(number)).await, Fault::new(number));
        own(async || unique.lookup(&one).map(|entry| format!("{entry:?}"))).await;
        own(async || topics.lookup(&one).len()).await;
        own(async || unique.whereis(&one).map(|process| process.pid())).await;
        own(async || topics.dispatch(&one, |_| visit(Op::Run))).await;
        own(async || topics.match_key(&one, |_| run()).len()).await;
        own(async || topics.count_match(&one, |_| run())).await;
        own(async || topics.values(&one, pid).into_iter().for_each(Fault::spend)).await;
        own(async || unique.update_value(&one, Clone::clone).is_some()).await;
        own(async || unique.unregister(&one).is_some()).await;
        own(async || topics.unregister_match(&one, |_| run()).len()).await;
        one.spend();
        key.spend();
    }
    own(async || unique.keys(pid).into_iter().for_each(Fault::spend)).await;
    own(async || topics.select(|_| run().then_some(())).len()).await;
    own(async || topics.count_select(|_| run())).await;
    // As the process itself, whose own a panic is.
    for number in [1, 2] {
        drop(server.change(number).await);
    }
    a_while().await;
    foreign(events.recv()).await;
    if let Ok(Some(event)) = tokio::time::timeout(SOON, events.recv()).await {
        own(async || format!("{event:?}")).await;
    }
    server.kill();
    a_while().await;
    assert_eq!((unique.count(), topics.count()), (0, 0));

    // Started under a key, and found by it; refused; and as a child.
    let by_key = own(async || Placed::via(&unique, Fault::new(5))).await;
    let by_ref = own(async || ServerRef::<Placed>::via(&unique, Fault::new(5))).await;
    let app = started!(PlacedApp::start_link(Fault::new(1)));
    for number in [5, 6] {
        let starts = own(async || {
            let start = Registrant::start((unique.clone(), topics.clone()));
            start
                .via_with(&unique, Fault::new(number), Fault::new(7))
                .await
        });
        let registrant = starts.await;
        let spec = own(async || {
            let spec = ChildSpec::new::<Placed>(number.to_string(), move || Fault::new(number));
            spec.via(&unique, Fault::new(number), Fault::new(7))
        });
        drop(app.supervisor().start_child(spec.await).await);
        if let Ok(registrant) = registrant {
            registrant.kill();
            a_while().await;
        }
        let spec = own(async || {
            let spec =
                ChildSpec::new::<Placed>(format!("{number} again"), move || Fault::new(number));
            spec.via(&unique, Fault::new(number), Fault::new(7))
                .restart(Restart::Transient)
        });
        drop(app.supervisor().start_child(spec.await).await);
        own(async || by_key.ping().await.ok()).await;
        own(async || by_ref.is_alive()).await;
        own(async || by_key.kill()).await;
        a_while().await;
    }
    app.stop().await.unwrap();
    let defaults = Registry::<Fault>::unique();
    // It has the name of another.
    assert!(own(async || Beside::start().via(&defaults, Fault::new(1)).await.is_err()).await);
    assert_eq!((unique.count(), defaults.count()), (0, 0));
    drop((by_key, by_ref));

    // Locks, and values of its own.
    let held = own(async || unique.lock(Fault::new(1)).await).await;
    own(async || foreign(unique.lock(Fault::new(1))).await).await;
    {
        let mut waits = Box::pin(unique.lock(Fault::new(1)));
        let polled = catch_unwind(AssertUnwindSafe(|| leave(waits.as_mut()).is_pending()));
        drop(held);
        a_while().await;
        if polled.is_ok() {
            drop(waits.await);
        }
    }
    drop(own(async || unique.lock(Fault::new(2)).await).await);
    own(async || unique.put_meta("meta", Fault::new(1))).await;
    own(async || unique.put_meta("meta", Fault::new(2))).await;
    assert!(unique.meta::<Fault>("meta").is_some());
    unique.delete_meta("meta");
    unique.put_meta("meta", Fault::new(3));
    drop((events, topics, unique, defaults));
}

fn run() -> bool {
    visit(Op::Run);
    true
}

/// Groups have clients in them, and keys and closures of a user's.
pub(crate) async fn groups() {
    let unique = Registry::unique();
    let topics = Registry::duplicate();
    let server = started!(Registrant::start((unique.clone(), topics.clone())));
    let groups = Groups::<Fault, RegistrantClient>::new();
    for number in [1, 2] {
        let group = own(async || groups.group(Fault::new(number))).await;
        let (members, mut events) = own(async || group.monitor()).await;
        assert!(members.is_empty());
        // It leaves a waker, which a member that joins wakes.
        own(async || foreign(events.recv()).await).await;
        for _ in 0..2 {
            own(async || group.join(&server).is_ok()).await;
        }
        own(async || group.members().len() + group.len() + usize::from(group.is_empty())).await;
        let broadcast = own(async || {
            let send = |_: &RegistrantClient| run().then_some(()).ok_or(());
            group.broadcast(send).len()
        });
        broadcast.await;
        own(async || group.leave(&server).is_ok()).await;
        own(async || format!("{group:?}")).await;
        own(async || foreign(events.recv()).await).await;
        own(async || events.recv().await.is_some()).await;
        own(async || foreign(events.recv()).await).await;
    }
    own(async || groups.which_groups().into_iter().for_each(Fault::spend)).await;
    server.kill();
    a_while().await;
    assert!(own(async || groups.which_groups().is_empty()).await);
    drop(groups);
}
