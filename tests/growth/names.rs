//! Names, and keys in registries.

use suptree::prelude::*;
use suptree::{Group, Groups, ProcessRef, Registry, process_info, start, whereis};

use super::{in_proportion, leaves, scattered};

/// A server with a name.
struct Numbered;

#[genserver(name = number)]
impl Numbered {
    #[init]
    fn init(number: usize) -> Self {
        let _ = number;
        Self
    }
}

#[tokio::test(start_paused = true)]
async fn r97_names() {
    in_proportion(4_000, async |many| async move {
        for number in 0..many {
            start::<Numbered>(number).await.unwrap();
        }
        for number in scattered(many) {
            let pid = whereis(&number).unwrap();
            assert!(process_info(pid).is_some());
            Numbered::named(number).stop().await.unwrap();
        }
    })
    .await;
}

/// Has many keys in registries, as only a process can.
#[derive(Default)]
struct Holder;

#[genserver(restart = temporary)]
impl Holder {
    #[call]
    fn register(&self, unique: Registry<usize>, keys: Vec<usize>) {
        for key in keys {
            unique.register(key, ()).unwrap();
        }
    }

    #[call]
    fn unregister(&self, unique: Registry<usize>, keys: Vec<usize>) {
        for key in keys {
            assert!(unique.unregister(&key).is_some());
        }
    }
}

/// One process with many keys, which are taken, looked up, dispatched to and given back; and again, but it dies.
#[tokio::test(start_paused = true)]
async fn r97_r352_keys_of_one_in_a_registry() {
    in_proportion(2_000, async |many| {
        let (unique, shared) = (Registry::unique(), Registry::duplicate());
        let holder = Holder::start().await.unwrap();
        let keys: Vec<_> = scattered(many).collect();
        async move {
            for _ in 0..2 {
                let register = holder.register(unique.clone(), keys.clone());
                register.no_timeout().await.unwrap();
                for key in &keys {
                    assert!(unique.lookup(key).is_some());
                    assert!(unique.whereis(key).is_some());
                }
                let unregister = holder.unregister(unique.clone(), keys.clone());
                unregister.no_timeout().await.unwrap();
            }
            for key in &keys {
                shared.register_process(&holder, *key, ()).unwrap();
            }
            for key in &keys {
                shared.dispatch(key, |entries| assert_eq!(entries.len(), 1));
            }
            let end = holder.monitor();
            holder.kill();
            end.await;
            assert!(unique.is_empty() && shared.is_empty());
        }
    })
    .await;
}

/// Many processes with a key each, and all of them under one.
#[tokio::test(start_paused = true)]
async fn r97_r352_many_in_a_registry() {
    in_proportion(1_000, async |many| {
        let (unique, shared) = (Registry::unique(), Registry::duplicate());
        let leaves = leaves(many).await;
        async move {
            for (key, leaf) in scattered(many).zip(&leaves) {
                unique.register_process(leaf, key, ()).unwrap();
                shared.register_process(leaf, "all", ()).unwrap();
            }
            shared.dispatch("all", |entries| assert_eq!(entries.len(), many));
            for key in scattered(many) {
                assert!(unique.lookup(&key).is_some());
            }
            for leaf in &leaves {
                let end = leaf.monitor();
                leaf.kill();
                end.await;
            }
            assert!(unique.is_empty() && shared.is_empty());
        }
    })
    .await;
}

/// Many who listen to a registry, and to one group, and who stop one after the other.
#[tokio::test(start_paused = true)]
async fn r97_r383_many_who_listen() {
    in_proportion(8_000, async |many| {
        let (registry, groups) = (Registry::<usize>::unique(), Groups::<_, ProcessRef>::new());
        let group = groups.group("one");
        async move {
            let mut all: Vec<_> = (0..many).map(|_| Some(registry.listen())).collect();
            let monitors = (0..many).map(|_| Some(group.monitor().1));
            let mut monitors: Vec<_> = monitors.collect();
            for at in scattered(many) {
                drop((all[at].take(), monitors[at].take()));
            }
        }
    })
    .await;
}

/// One who joins a group again and again, and leaves it as often; who asks whether anybody is there.
#[tokio::test(start_paused = true)]
async fn r97_r383_one_who_joins_often() {
    in_proportion(4_000, async |many| {
        let (group, holder) = (Group::new(), Holder::start().await.unwrap());
        async move {
            for _ in 0..many {
                group.join(&holder).unwrap();
            }
            for _ in 0..many {
                assert!(!group.is_empty());
                group.leave(&holder).unwrap();
            }
            assert!(group.is_empty());
        }
    })
    .await;
}
