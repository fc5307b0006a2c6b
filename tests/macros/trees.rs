//! Supervisors under supervisors: handles that follow through both, references by name, child specifications.

use suptree::prelude::*;
use suptree::{ChildType, Restart, Shutdown, Start, SupervisorRef};

use crate::support::settle;

struct Counter {
    n: u64,
}

#[genserver]
impl Counter {
    #[init]
    fn init(start: u64) -> Self {
        Self { n: start }
    }

    #[call]
    fn next(&mut self) -> u64 {
        self.n += 1;
        self.n
    }
}

supervisor! {
    Storage(start: u64, name = "storage") {
        strategy: one_for_one,
        children: [Counter(start) as disk, Counter(start * 2) as index { restart: temporary }],
    }
}

supervisor! { Rooms { dynamic: Counter } }

supervisor! {
    Root(start: u64) {
        children: [
            Storage(start + 1),
            Storage2(start) as more { shutdown: 1m },
            Rooms as rooms,
            Counter(start) as supervisor,
        ],
        strategy: one_for_one,
    }
}

supervisor! { Storage2(start: u64) { strategy: one_for_one, children: [Counter(start) as disk] } }

#[tokio::test]
async fn supervisors_are_children_too() {
    let root = Root::start_link(100_u64).await.unwrap();
    assert_eq!(root.storage().disk().next().await, Ok(102));
    assert_eq!(root.storage().index().next().await, Ok(203));
    assert_eq!(root.more().disk().next().await, Ok(101));
    assert_eq!(root.supervisor().next().await, Ok(101));
    assert_eq!(Storage::named().pid(), root.storage().pid());
    let room = root.rooms().start_child(7_u64).await.unwrap();
    assert_eq!(room.next().await, Ok(8));
    let types: Vec<_> = root
        .which_children()
        .await
        .unwrap()
        .iter()
        .map(|child| child.child_type)
        .collect();
    assert_eq!(
        types,
        [
            ChildType::Supervisor,
            ChildType::Supervisor,
            ChildType::Supervisor,
            ChildType::Worker
        ]
    );
}

#[tokio::test]
async fn a_handle_follows_through_supervisors_that_restart() {
    let root = Root::start_link(0_u64).await.unwrap();
    let disk = root.storage().disk();
    assert_eq!((disk.next().await, disk.next().await), (Ok(2), Ok(3)));
    let before = disk.pid();
    root.storage().kill();
    settle().await;
    root.which_children().await.unwrap();
    assert_eq!(disk.next().await, Ok(2));
    assert_ne!(disk.pid(), before);
}

#[tokio::test]
async fn a_start_is_a_value_and_a_supervisor_by_name_a_reference() {
    let start: Start<Storage> = Storage::start_link(1_u64);
    let storage = start.await.unwrap();
    let named: SupervisorRef = Storage::named();
    assert_eq!(named.count_children().await.unwrap().specs, 2);
    assert!(format!("{storage:?}").starts_with("Storage {"));
    storage.stop().await.unwrap();
    assert!(!named.is_alive());
}

#[test]
fn a_supervisor_has_a_child_specification() {
    let spec = Storage::child_spec(1_u64);
    assert_eq!(spec.id(), &"storage".into());
    assert_eq!(
        (spec.child_type(), spec.restart_type()),
        (ChildType::Supervisor, Restart::Permanent)
    );
    assert_eq!(spec.shutdown_type(), Shutdown::Infinity);
}
