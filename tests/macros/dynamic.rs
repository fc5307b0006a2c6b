//! `supervisor!` with `dynamic`: children that are started one by one.

use suptree::prelude::*;
use suptree::{StartChildError, whereis};

use crate::support::settle;

pub(crate) struct Match {
    id: String,
    goals: u32,
}

#[genserver(name = id, restart = transient)]
impl Match {
    #[init]
    fn init(id: String) -> Result<Self, std::fmt::Error> {
        if id.is_empty() {
            Err(std::fmt::Error)
        } else {
            Ok(Self { id, goals: 0 })
        }
    }

    #[call]
    fn goals(&self) -> u32 {
        self.goals
    }

    #[cast]
    fn goal(&mut self) {
        self.goals += 1;
    }

    #[cast]
    async fn end(&mut self) {
        // From inside its own handler, which ends at this `.await`.
        let _ = Matches::named().terminate_child(self_pid()).await;
        unreachable!("{} is over", self.id);
    }
}

supervisor! {
    /// All matches.
    pub(crate) Matches(name = "matches") { dynamic: Match, max_children: 2, max_restarts: 10, max_seconds: 1 }
}

#[tokio::test]
async fn children_are_started_and_found_by_name() {
    let matches = Matches::start_link().await.unwrap();
    let derby = Matches::named().start_child("derby").await.unwrap();
    derby.goal().await.unwrap();
    assert_eq!(Match::named("derby").goals().await, Ok(1));
    assert_eq!(matches.count_children().await.unwrap().active, 1);
    assert_eq!(Matches::named().pid(), matches.pid());
}

#[tokio::test]
async fn there_is_room_for_so_many() {
    let matches = Matches::start_link().await.unwrap();
    matches.start_child("one").await.unwrap();
    matches.start_child(String::from("two")).await.unwrap();
    assert!(matches!(
        matches.start_child("three").await,
        Err(StartChildError::MaxChildren)
    ));
}

#[tokio::test]
async fn a_failed_start_is_told() {
    let matches = Matches::start_link().await.unwrap();
    assert!(matches!(
        matches.start_child("").await,
        Err(StartChildError::Start(StartError::Init(_)))
    ));
    let derby = matches.start_child("derby").await.unwrap();
    let Err(StartChildError::Start(StartError::AlreadyStarted(pid))) =
        matches.start_child("derby").await
    else {
        panic!("two of one name")
    };
    assert_eq!(Some(pid), derby.pid());
}

#[tokio::test]
async fn a_handle_follows_its_child_across_restarts() {
    let matches = Matches::start_link().await.unwrap();
    let derby = matches.start_child("derby").await.unwrap();
    derby.goal().await.unwrap();
    let before = derby.pid();
    derby.kill();
    settle().await;
    matches.which_children().await.unwrap();
    assert_eq!(derby.goals().await, Ok(0));
    assert_ne!(derby.pid(), before);
    assert_eq!(whereis("derby"), derby.pid());
}

#[tokio::test]
async fn a_child_ends_itself_through_its_supervisor() {
    let matches = Matches::start_link().await.unwrap();
    let derby = matches.start_child("derby").await.unwrap();
    let death = derby.monitor();
    derby.end().await.unwrap();
    assert_eq!(death.await.reason, ExitReason::Shutdown);
    assert_eq!(matches.which_children().await.unwrap(), []);
    assert_eq!(Match::named("derby").goals().await, Err(CallError::NoProc));
}

struct Pair<A, B>(A, B);

#[genserver]
impl<A: Clone + Send + 'static, B: Clone + Send + 'static> Pair<A, B> {
    #[init]
    fn init(a: A, b: B) -> Self {
        Self(a, b)
    }

    #[call]
    fn both(&self) -> (A, B) {
        (self.0.clone(), self.1.clone())
    }
}

supervisor! { Pairs { dynamic: Pair<u8, &'static str> } }

#[tokio::test]
async fn several_arguments_are_a_tuple() {
    let pairs = Pairs::start_link().await.unwrap();
    let pair: PairClient<u8, &'static str> = pairs.start_child((1, "one")).await.unwrap();
    assert_eq!(pair.both().await, Ok((1, "one")));
    assert!(format!("{pairs:?}").starts_with("Pairs {"));
}
