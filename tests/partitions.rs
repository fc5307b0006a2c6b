//! Partition supervisors: keys find their partition, and go on finding it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use suptree::prelude::*;
use suptree::{
    Child, ChildId, ChildSpec, PartitionSupervisor, PartitionSupervisorRef,
    PartitionSupervisorSpec, start_link_partition_supervisor,
};

/// Knows its number, and how many started before it.
struct Shard {
    number: usize,
    nth: usize,
}

#[genserver]
impl Shard {
    #[init]
    fn init(number: usize, starts: Arc<AtomicUsize>, fails: Option<usize>) -> Result<Self, String> {
        if fails == Some(number) {
            return Err("bad".to_owned());
        }
        let nth = starts.fetch_add(1, Ordering::Relaxed);
        Ok(Self { number, nth })
    }

    #[call]
    fn number(&self) -> usize {
        self.number
    }

    #[call]
    fn nth(&self) -> usize {
        self.nth
    }
}

#[derive(Clone, Default)]
struct Flags {
    partitions: Option<usize>,
    starts: Arc<AtomicUsize>,
    fails: Option<usize>,
}

#[derive(Clone, Debug)]
struct Shards(PartitionSupervisorRef<Shard>);

impl Child for Shards {
    type Args = Flags;
    type Handle = Self;

    fn vacant() -> Self {
        Self(PartitionSupervisorRef::vacant())
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, flags: Flags) -> ChildSpec {
        handle.as_child(id, flags)
    }
}

impl PartitionSupervisor for Shards {
    type Child = Shard;

    fn name() -> Option<Name> {
        Some("shards".into())
    }

    fn supervisor(&self) -> &PartitionSupervisorRef<Shard> {
        &self.0
    }

    fn init(&self, flags: Flags) -> PartitionSupervisorSpec<Shard> {
        let Flags {
            partitions,
            starts,
            fails,
        } = flags;
        let spec = PartitionSupervisorSpec::new(move |number| (number, Arc::clone(&starts), fails));
        match partitions {
            Some(partitions) => spec.partitions(partitions),
            None => spec,
        }
    }
}

async fn shards(partitions: usize) -> PartitionSupervisorRef<Shard> {
    let flags = Flags {
        partitions: Some(partitions),
        ..Flags::default()
    };
    start_link_partition_supervisor::<Shards>(flags)
        .await
        .unwrap()
        .0
}

fn named() -> PartitionSupervisorRef<Shard> {
    PartitionSupervisorRef::named("shards".into())
}

#[tokio::test(start_paused = true)]
async fn ps_01_a_key_has_one_partition() {
    let shards = shards(3).await;
    for shards in [shards, named()] {
        for (key, partition) in [(0, 0), (3, 0), (-1, 1), (1, 1), (5, 2), (-5, 2)] {
            assert_eq!(shards.route(&key).number().await, Ok(partition), "{key}");
        }
        let joe = shards.route("joe").pid();
        assert_eq!(shards.route(&String::from("joe")).pid(), joe);
        assert_eq!(named().route("joe").pid(), joe);
        // Every partition has some of many keys.
        let mut hit = [false; 3];
        for key in 0..100 {
            let key = ("user", key);
            let number = shards.route(&key).number().await.unwrap();
            assert_eq!(shards.route(&key).number().await, Ok(number));
            hit[number] = true;
        }
        assert_eq!(hit, [true; 3]);
    }
}

#[tokio::test(start_paused = true)]
async fn ps_02_a_key_leads_to_the_restarted_partition() {
    let shards = shards(3).await;
    let before: Vec<_> = shards.handles().iter().map(|shard| shard.pid()).collect();
    let one = shards.route(&1);
    one.kill();
    one.monitor().await;
    shards.which_children().await.unwrap();
    let after: Vec<_> = shards.handles().iter().map(|shard| shard.pid()).collect();
    assert_eq!((after[0], after[2]), (before[0], before[2]));
    assert!(after[1].is_some() && after[1] != before[1]);
    for shard in [one, shards.route(&1), named().route(&4)] {
        assert_eq!((shard.number().await, shard.nth().await), (Ok(1), Ok(3)));
    }
}

supervisor! { App { strategy: one_for_one, children: [] } }

/// A handle of a partition follows it across restarts of the supervisor, too.
#[tokio::test(start_paused = true)]
async fn ps_02_a_key_leads_to_the_partition_of_a_restarted_supervisor() {
    let app = App::start_link().await.unwrap();
    let shards = PartitionSupervisorRef::<Shard>::vacant();
    assert_eq!(shards.partitions(), 0);
    assert_eq!(shards.route("joe").number().await, Err(CallError::NoProc));
    let starts = Arc::<AtomicUsize>::default();
    let flags =
        PartitionSupervisorSpec::<Shard>::new(move |number| (number, Arc::clone(&starts), None));
    let spec = PartitionSupervisorRef::child_spec(&shards, "shards", flags.partitions(2));
    app.start_child(spec).await.unwrap();
    let shard: ShardClient = PartitionSupervisorRef::route(&shards, "joe");
    let number = shard.number().await.unwrap();
    shards.kill();
    shards.monitor().await;
    app.which_children().await.unwrap();
    assert_eq!((shards.partitions(), shard.number().await), (2, Ok(number)));
    assert!(shard.nth().await.unwrap() >= 2);
    app.stop().await.unwrap();
    assert_eq!(shard.number().await, Err(CallError::NoProc));
}

#[tokio::test(start_paused = true)]
async fn ps_03_each_partition_is_given_its_number() {
    let shards = shards(4).await;
    let mut numbers = Vec::new();
    for shard in shards.handles() {
        // They start in their order, one after the other.
        assert_eq!(shard.number().await, shard.nth().await);
        numbers.push(shard.number().await.unwrap());
    }
    assert_eq!(numbers, [0, 1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn ps_04_without_a_partition_it_does_not_start() {
    let none = Flags {
        partitions: Some(0),
        ..Flags::default()
    };
    let failed = start_link_partition_supervisor::<Shards>(none).await;
    let Err(StartError::Init(ExitReason::Panic(panic))) = failed else {
        panic!("{failed:?}");
    };
    assert!(
        panic.to_string().contains("at least one partition"),
        "{panic}"
    );
    assert_eq!(suptree::whereis("shards"), None);
    // As many as there are cores.
    let shards = start_link_partition_supervisor::<Shards>(Flags::default()).await;
    let cores = std::thread::available_parallelism().unwrap().get();
    assert_eq!(shards.unwrap().0.partitions(), cores);
}

#[tokio::test(start_paused = true)]
async fn ps_04_a_partition_that_does_not_start_stops_the_others() {
    let flags = Flags {
        partitions: Some(3),
        fails: Some(2),
        ..Flags::default()
    };
    let Err(StartError::Child { id, error }) =
        start_link_partition_supervisor::<Shards>(flags).await
    else {
        panic!("it started");
    };
    assert_eq!(id, ChildId::new(2_usize));
    assert_eq!(*error, StartError::Init("bad".into()));
    assert!(suptree::processes().is_empty());
}

supervisor! { Inner(number: usize) { strategy: one_for_one, children: [] } }

#[tokio::test(start_paused = true)]
async fn ps_05_ids_are_numbers_and_supervisors_are_counted() {
    let shards = shards(3).await;
    let children = shards.which_children().await.unwrap();
    for (number, child) in children.iter().enumerate() {
        assert_eq!(child.id, Some(ChildId::new(number)));
        assert_eq!(child.pid(), shards.handles()[number].pid());
    }
    let counts = shards.count_children().await.unwrap();
    let all = (
        counts.specs,
        counts.active,
        counts.workers,
        counts.supervisors,
    );
    assert_eq!(all, (3, 3, 3, 0));
    // Of supervisors.
    let app = App::start_link().await.unwrap();
    let inner = PartitionSupervisorRef::<Inner>::vacant();
    let flags = PartitionSupervisorSpec::<Inner>::new(|number| number).partitions(2);
    app.start_child(PartitionSupervisorRef::child_spec(&inner, "inner", flags))
        .await
        .unwrap();
    // Its specification, and so each report about it, says what it is.
    let spec = app.supervisor().get_childspec("inner").await.unwrap();
    assert!(spec.start.contains("PartitionSupervisorRef"), "{spec:?}");
    let counts = inner.count_children().await.unwrap();
    let all = (
        counts.specs,
        counts.active,
        counts.workers,
        counts.supervisors,
    );
    assert_eq!(all, (2, 2, 0, 2));
    assert!(inner.route(&5).count_children().await.is_ok());
    let counts = app.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.supervisors), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn ps_07_an_unknown_partition_supervisor() {
    assert_eq!(named().partitions(), 0);
    assert!(named().handles().is_empty());
    assert_eq!(named().route("joe").number().await, Err(CallError::NoProc));
    let counts = named().count_children().await;
    assert_eq!(counts, Err(CallError::NoProc));
    // A name of something else.
    let shards = shards(1).await;
    let other = PartitionSupervisorRef::<Inner>::named("shards".into());
    assert!(other.is_alive());
    assert_eq!(other.partitions(), 0);
    assert!(!other.route("joe").is_alive());
    shards.stop().await.unwrap();
    assert_eq!(named().route(&0).number().await, Err(CallError::NoProc));
}

/// The budget is the supervisor's, and it stops its partitions in reverse order, each within its own time.
#[tokio::test(start_paused = true)]
async fn ps_02_partitions_share_the_budget() {
    let app = App::start_link().await.unwrap();
    let shards = PartitionSupervisorRef::<Shard>::vacant();
    let starts = Arc::<AtomicUsize>::default();
    let flags =
        PartitionSupervisorSpec::<Shard>::new(move |number| (number, Arc::clone(&starts), None))
            .partitions(3)
            .max_restarts(1)
            .max_seconds(60)
            .restart(Restart::Transient)
            .shutdown(Shutdown::BrutalKill);
    app.start_child(PartitionSupervisorRef::child_spec(&shards, "shards", flags))
        .await
        .unwrap();
    let (end, pid) = (shards.monitor(), shards.pid());
    // Done, as a transient one may be.
    shards.route(&2).stop().await.unwrap();
    assert_eq!(shards.count_children().await.unwrap().active, 2);
    shards.route(&0).kill();
    shards.route(&0).monitor().await;
    assert_eq!(shards.count_children().await.unwrap().active, 2);
    shards.route(&1).kill();
    assert_eq!(end.await.reason, ExitReason::Shutdown);
    app.which_children().await.unwrap();
    assert!(shards.pid().is_some() && shards.pid() != pid);
    assert_eq!(shards.count_children().await.unwrap().active, 3);
}
