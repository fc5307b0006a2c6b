//! What is implemented by hand: supervisors, partitions, a server.

use suptree::prelude::*;
use suptree::{DynamicSupervisor as _, PartitionSupervisor as _, whereis};

use super::{a_while, error, foreign, kill_all, spend};
use crate::fault::{Fault, Op, own, visit};
use crate::hand_written::{ByHand, Manual, ManualCall, ManyByHand, PartsByHand, Unpacked};

/// Traits that are implemented by hand, with all that they may do.
pub(crate) async fn by_hand() {
    let sup = started!(suptree::start_link_supervisor::<ByHand>(Fault::new(1)));
    // Its child has the name.
    assert!(
        suptree::start_link_dynamic_supervisor::<ManyByHand>(())
            .await
            .is_err()
    );
    let holder = own(async || whereis(&Fault::new(30))).await;
    assert!(holder.is_some());
    kill_all(|pid| Some(pid) != holder);
    a_while().await;
    let extra = own(async || <ByHand as suptree::Child>::vacant()).await;
    let id = own(async || Fault::new(7).id()).await;
    let spec = own(async || extra.as_child(id.clone(), Fault::new(9))).await;
    // Its name is taken.
    assert!((*sup).start_child(spec).await.is_err());
    // What the test drops itself is its own.
    own(async || extra.clone().spend()).await;
    extra.spend();
    (*sup).stop().await.unwrap();
    sup.spend();
    let many = started!(suptree::start_link_dynamic_supervisor::<ManyByHand>(()));
    let death = own(async || many.supervisor().monitor()).await;
    kill_all(|_| true);
    death.await;
    many.spend();
}

/// Partitions, and keys that lead to them.
pub(crate) async fn partitions() {
    let parts = started!(suptree::start_link_partition_supervisor::<PartsByHand>(
        Fault::new(1)
    ));
    let (key, part) = own(async || {
        let key = Fault::new(7);
        let part = parts.supervisor().route(&key);
        (key, part)
    })
    .await;
    key.spend();
    drop(part.fail(Fault::new(1)).await);
    a_while().await;
    assert_eq!(part.ping().await.ok(), Some(7));
    let (all, counts, death) = own(async || {
        let sup = parts.supervisor();
        (sup.which_children(), sup.count_children(), sup.monitor())
    })
    .await;
    assert_eq!(all.await.unwrap().len(), 2);
    assert_eq!(counts.await.unwrap().active, 2);
    for partitions in [1, 2, 0, 2] {
        let resized = own(async || parts.supervisor().resize(partitions)).await;
        foreign(resized).await;
        if let Err(error) = own(async || parts.supervisor().resize(partitions))
            .await
            .await
        {
            own(async || {
                format!(
                    "{error:?} {error} {}",
                    error.downcast_ref::<Fault>().is_some()
                )
            })
            .await;
        }
    }
    kill_all(|_| true);
    death.await;
    parts.spend();
}

/// A server by hand, asked by its reference.
pub(crate) async fn server_by_hand() {
    let log = started!(suptree::start::<Manual>(Fault::new(1)));
    let other = started!(suptree::start::<Manual>(Fault::new(2)));
    for server in [&log, &other] {
        spend(server.call_with(ManualCall).await);
        spend(server.call_with(ManualCall).owned().await);
        // A closure of the caller's, in the caller's own poll.
        let call = own(async || {
            server
                .call_with(|reply| {
                    visit(Op::Run);
                    ManualCall(reply)
                })
                .await
        });
        spend(call.await);
        drop(server.cast(Fault::new(1)).await);
        drop(server.cast(Fault::new(1)).owned().await);
        drop(server.send(Fault::new(1)).await);
        drop(server.send(Fault::new(1)).try_send());
        // It is made an info in the sender's own poll.
        drop(own(async || server.send(Unpacked(Fault::new(1))).await).await);
        let recipient = server.recipient();
        drop(own(async || recipient.send(Unpacked(Fault::new(1))).await).await);
        a_while().await;
    }
    if let (Some(one), Some(other)) = (log.pid(), other.pid()) {
        assert_ne!(one, other);
        suptree::exit(one, error(1));
    }
    a_while().await;
    drop(log.stop_with(error(2)).await);
    drop(other.stop().await);
    a_while().await;
}
