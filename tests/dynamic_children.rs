//! Dynamic children: arguments that are not `Clone`, options of one child, extra arguments, several types, lists of clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use suptree::prelude::*;
use suptree::{
    BadCombination, Child, ChildId, ChildSpec, Cloned, DynamicSupervisor, DynamicSupervisorRef,
    DynamicSupervisorSpec, OnDemand, StartChildError, TerminateChildError,
    start_link_dynamic_supervisor,
};
use tokio::sync::mpsc::{Receiver, channel};

use crate::support::{Dyn, Log, Plain, Script, ms, oops, settle};

/// Its arguments are no `Clone`: a socket, say.
struct Reader(Receiver<u64>, u64);

#[genserver(restart = temporary)]
impl Reader {
    #[init]
    fn init(channel: Receiver<u64>, first: u64, fails: bool) -> Result<Self, String> {
        if fails {
            return Err("bad".to_owned());
        }
        Ok(Self(channel, first))
    }

    #[call]
    async fn read(&mut self) -> u64 {
        self.1 + self.0.recv().await.unwrap()
    }
}

supervisor! { Readers(name = "readers") { dynamic: Reader, max_children: 2 } }

#[tokio::test(start_paused = true)]
async fn ds_11_a_temporary_child_takes_arguments_that_are_not_clone() {
    let readers = Readers::start_link().await.unwrap();
    let (send, receive) = channel(1);
    let reader = readers.start_child((receive, 1, false)).await.unwrap();
    send.send(6).await.unwrap();
    assert_eq!(reader.read().await, Ok(7));
    reader.kill();
    reader.monitor().await;
    assert_eq!(readers.count_children().await.unwrap().specs, 0);
    assert!(send.is_closed());
    assert_eq!(reader.read().await, Err(CallError::NoProc));
}

#[tokio::test(start_paused = true)]
async fn ds_06_refused_arguments_come_back() {
    let readers = Readers::start_link().await.unwrap();
    for _ in 0..2 {
        let (_, receive) = channel(1);
        readers.start_child((receive, 0, false)).await.unwrap();
    }
    let (send, receive) = channel(1);
    let refused = readers
        .start_child((receive, 5, false))
        .keep_args()
        .await
        .unwrap_err();
    assert_eq!(refused, StartChildError::MaxChildren);
    assert!(!send.is_closed());
    let args = refused.into_args().unwrap();
    assert_eq!(args.1, 5);
    // The supervisor is gone.
    readers.stop().await.unwrap();
    let refused = readers.start_child(args).keep_args().await.unwrap_err();
    assert_eq!(refused, StartChildError::Call(CallError::NoProc));
    let args = refused.into_args().unwrap();
    let refused = Readers::named()
        .start_child(args)
        .keep_args()
        .await
        .unwrap_err();
    let args = refused.into_args().unwrap();
    // What was begun does not come back.
    let readers = Readers::start_link().await.unwrap();
    let failed = readers
        .start_child((args.0, 0, true))
        .keep_args()
        .await
        .unwrap_err();
    assert!(matches!(
        *failed,
        StartChildError::Start(StartError::Init(_))
    ));
    assert!(failed.into_args().is_none());
    assert!(send.is_closed());
    // Nor what is dropped before it is asked for.
    let (send, receive) = channel(1);
    drop(readers.start_child((receive, 0, false)));
    assert!(send.is_closed());
}

/// The supervisor ends with the request unread.
#[tokio::test(start_paused = true)]
async fn ds_02_the_arguments_of_a_request_that_nobody_read_come_back() {
    let log = Log::new();
    let sup = Dyn::<crate::support::Traps>::start().await;
    let slow = sup
        .start_child(Script::new("slow", &log).terminate_sleeps(ms(100)))
        .await
        .unwrap();
    let terminating = tokio::spawn(sup.terminate_child(&slow));
    settle().await;
    let waiting = tokio::spawn(sup.start_child(Script::new("late", &log)).keep_args());
    settle().await;
    sup.kill();
    let failed = waiting.await.unwrap().unwrap_err();
    assert_eq!(
        failed,
        StartChildError::Call(CallError::Exited(ExitReason::Killed))
    );
    assert_eq!(failed.into_args().unwrap().id, "late");
    assert!(terminating.await.unwrap().is_err());
    assert_eq!(log.count("late init"), 0);
}

/// A child of a type by itself: two arguments, of which one is a text.
struct Room {
    topic: String,
    seats: u64,
    heard: Vec<String>,
}

#[genserver(name = topic)]
impl Room {
    #[init]
    fn init(topic: String, seats: u64) -> Self {
        Self {
            topic,
            seats,
            heard: Vec::new(),
        }
    }

    #[call]
    fn sign(&self) -> String {
        format!("{}: {}", self.topic, self.seats)
    }

    #[cast]
    fn hear(&mut self, what: String) {
        self.heard.push(what);
    }

    #[call]
    fn heard(&self) -> Vec<String> {
        self.heard.clone()
    }
}

supervisor! { Rooms { dynamic: Room, max_restarts: 1_000 } }

#[tokio::test(start_paused = true)]
async fn ds_05_several_arguments_convert_as_those_of_start_link_do() {
    let rooms = Rooms::start_link().await.unwrap();
    let room = rooms.start_child(("rust", 7)).await.unwrap();
    assert_eq!(room.sign().await.unwrap(), "rust: 7");
    let room = rooms.start_child((String::from("erlang"), 8_u64)).await;
    assert_eq!(room.unwrap().sign().await.unwrap(), "erlang: 8");
    let error = rooms.start_child(("rust", 9)).await.unwrap_err();
    assert!(matches!(
        error,
        StartChildError::Start(StartError::AlreadyStarted(_))
    ));
}

#[tokio::test(start_paused = true)]
async fn ds_23_children_gives_the_clients_of_those_that_run_in_start_order() {
    let rooms = Rooms::start_link().await.unwrap();
    assert!(rooms.children().await.unwrap().is_empty());
    for topic in ["a", "b", "c", "d"] {
        rooms.start_child((topic, 1)).await.unwrap();
    }
    let [a, b, c, d]: [RoomClient; 4] = rooms.children().await.unwrap().try_into().unwrap();
    assert_eq!(b.sign().await.unwrap(), "b: 1");
    // It follows its child across restarts, and keeps its place.
    b.kill();
    b.monitor().await;
    rooms.terminate_child(&c).await.unwrap();
    assert_eq!(b.sign().await.unwrap(), "b: 1");
    rooms.start_child(("e", 1)).await.unwrap();
    let mut signs = Vec::new();
    for room in rooms.children().await.unwrap() {
        room.hear("hello").await.unwrap();
        assert_eq!(room.heard().await.unwrap(), ["hello"]);
        signs.push(room.sign().await.unwrap());
    }
    assert_eq!(signs, ["a: 1", "b: 1", "d: 1", "e: 1"]);
    assert_eq!(c.sign().await, Err(CallError::NoProc));
    assert_eq!(rooms.children().await.unwrap()[0].pid(), a.pid());
    rooms.stop().await.unwrap();
    let gone = rooms.children().await;
    assert_eq!(gone.unwrap_err(), CallError::NoProc);
    assert!(!d.is_alive());
}

#[tokio::test(start_paused = true)]
async fn ds_17_a_child_is_terminated_by_its_pid_or_any_reference_to_it() {
    let rooms = Rooms::start_link().await.unwrap();
    for by in 0..5 {
        let room = rooms.start_child(("x", 1)).await.unwrap();
        let other = rooms.start_child(("y", 1)).await.unwrap();
        let terminated = match by {
            0 => rooms.terminate_child(room.pid().unwrap()).await,
            1 => rooms.terminate_child(&room).await,
            2 => rooms.terminate_child(&Room::named("x")).await,
            3 => rooms.terminate_child(&room.bound().unwrap()).await,
            _ => rooms.terminate_child(room.process()).await,
        };
        assert_eq!(terminated, Ok(()), "{by}");
        assert!(!room.is_alive());
        assert!(other.is_alive());
        let again = rooms.terminate_child(&room).await;
        assert_eq!(again, Err(TerminateChildError::NotFound));
        assert_eq!(
            rooms.terminate_child(&Room::named("x")).await,
            Err(TerminateChildError::NotFound)
        );
        rooms.terminate_child(&other).await.unwrap();
    }
}

/// While its restart fails again and again, its client leads to it all the same.
#[tokio::test(start_paused = true)]
async fn ds_23_a_child_that_is_being_restarted_is_terminated_by_its_client() {
    let log = Log::new();
    let sup = Dyn::<Plain, 1_000_000>::start().await;
    let fails = Script::new("a", &log).on_init(|probe, _| {
        let first = probe.log_count("a init") == 1;
        Box::pin(async move {
            tokio::time::sleep(ms(1)).await;
            if first { Ok(()) } else { Err(oops("bad")) }
        })
    });
    let child = sup.start_child(fails).await.unwrap();
    let other = sup.start_child(Script::new("b", &log)).await.unwrap();
    child.kill();
    log.until("a init", 5).await;
    assert_eq!(sup.children().await.unwrap().len(), 1);
    assert_eq!(sup.terminate_child(&child).await, Ok(()));
    let attempts = log.count("a init");
    settle().await;
    assert_eq!(log.count("a init"), attempts);
    assert_eq!(sup.count_children().await.unwrap().specs, 1);
    assert!(other.is_alive());
}

#[tokio::test(start_paused = true)]
async fn ds_11_a_child_may_have_its_own_restart_type_and_shutdown() {
    let log = Log::new();
    let sup = Dyn::<crate::support::Traps>::start().await;
    let temporary = sup
        .start_child(Script::new("t", &log))
        .restart(Restart::Temporary)
        .await
        .unwrap();
    let transient = sup
        .start_child(Script::new("n", &log))
        .restart(Restart::Transient)
        .await
        .unwrap();
    let slow = sup
        .start_child(Script::new("s", &log).terminate_sleeps(ms(300)))
        .shutdown(Shutdown::Timeout(ms(100)))
        .await
        .unwrap();
    temporary.kill();
    transient.stop().await.unwrap();
    settle().await;
    assert_eq!(sup.count_children().await.unwrap().specs, 1);
    let (began, end) = (tokio::time::Instant::now(), slow.monitor());
    sup.terminate_child(&slow).await.unwrap();
    assert_eq!(began.elapsed(), ms(100));
    assert_eq!(end.await.reason, ExitReason::Killed);
}

/// A temporary server whose arguments are `Clone` may be told to be permanent.
struct Brief;

#[genserver(restart = temporary)]
impl Brief {
    #[init]
    fn init(starts: Arc<AtomicUsize>) -> Self {
        starts.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

supervisor! { Briefs { dynamic: Brief } }

#[tokio::test(start_paused = true)]
async fn ds_11_a_temporary_server_started_as_permanent_is_restarted() {
    let briefs = Briefs::start_link().await.unwrap();
    let starts = Arc::new(AtomicUsize::new(0));
    let brief = briefs
        .start_child(Arc::clone(&starts))
        .restart(Restart::Permanent)
        .await
        .unwrap();
    brief.kill();
    brief.monitor().await;
    assert_eq!(briefs.count_children().await.unwrap().active, 1);
    assert_eq!(starts.load(Ordering::Relaxed), 2);
    let brief = briefs.start_child(Arc::clone(&starts)).await.unwrap();
    brief.kill();
    brief.monitor().await;
    assert_eq!(briefs.count_children().await.unwrap().active, 1);
    assert_eq!(starts.load(Ordering::Relaxed), 3);
}

struct Game(u8);

#[genserver(restart = transient)]
impl Game {
    #[init]
    fn init(players: u8) -> Self {
        Self(players)
    }

    #[call]
    fn players(&self) -> u8 {
        self.0
    }
}

supervisor! {
    /// Of several types, one of which is a supervisor.
    Meetings(name = "meetings") { dynamic: Room | Game | Rooms, max_children: 4, max_restarts: 10 }
}

#[tokio::test(start_paused = true)]
async fn ds_05_children_of_several_types() {
    let meetings = Meetings::start_link().await.unwrap();
    let room = meetings.start_child::<Room>(("m", 2)).await.unwrap();
    let game = meetings.start_child::<Game>(4).await.unwrap();
    let inner = meetings.start_child::<Rooms>(()).await.unwrap();
    let second = Meetings::named().start_child::<Game>(5).await.unwrap();
    assert_eq!(
        meetings.start_child::<Game>(6).await.unwrap_err(),
        StartChildError::MaxChildren
    );
    assert_eq!(room.sign().await.unwrap(), "m: 2");
    let counts = meetings.count_children().await.unwrap();
    assert_eq!((counts.workers, counts.supervisors), (3, 1));
    game.kill();
    game.monitor().await;
    let games = meetings.children::<Game>().await.unwrap();
    let mut players = Vec::new();
    for game in &games {
        players.push(game.players().await.unwrap());
    }
    assert_eq!(players, [4, 5]);
    assert_eq!(meetings.children::<Room>().await.unwrap().len(), 1);
    let inners = meetings.children::<Rooms>().await.unwrap();
    assert_eq!(inners[0].pid(), inner.pid());
    assert!(inners[0].start_child(("n", 1)).await.is_ok());
    // A game that is done is forgotten, as its type says.
    second.stop().await.unwrap();
    meetings.terminate_child(inner.process()).await.unwrap();
    assert_eq!(meetings.count_children().await.unwrap().specs, 2);
}

struct Seat(String);

#[genserver]
impl Seat {
    #[init]
    fn init(house: String, floor: u8, topic: String, number: u64) -> Self {
        Self(format!("{house}/{floor}/{topic}/{number}"))
    }

    #[call]
    fn path(&self) -> String {
        self.0.clone()
    }
}

struct Door(String);

#[genserver(restart = temporary)]
impl Door {
    #[init]
    fn init(house: String, floor: u8) -> Self {
        Self(format!("{house}/{floor}"))
    }

    #[call]
    fn path(&self) -> String {
        self.0.clone()
    }
}

supervisor! {
    Seats(name = "seats", house: String, floor: u8) { dynamic: Seat, extra_arguments: [house, floor] }
}
supervisor! {
    House(house: String, floor: u8) { dynamic: Seat | Door, extra_arguments: [house, floor] }
}
supervisor! {
    Houses { strategy: one_for_one, children: [Seats("west", 2), House("east", 1)] }
}

#[tokio::test(start_paused = true)]
async fn ds_10_extra_arguments_come_first_at_restarts_too() {
    let app = Houses::start_link().await.unwrap();
    let seat = app.seats().start_child(("rust", 7)).await.unwrap();
    let first = seat.pid();
    assert_eq!(seat.path().await.unwrap(), "west/2/rust/7");
    seat.kill();
    seat.monitor().await;
    app.seats().which_children().await.unwrap();
    assert_eq!(seat.path().await.unwrap(), "west/2/rust/7");
    assert_ne!(seat.pid(), first);
    let other = Seats::named().start_child(("erlang", 8)).await.unwrap();
    assert_eq!(other.path().await.unwrap(), "west/2/erlang/8");
    // A restart of the supervisor has them again; of its children none is left.
    app.seats().kill();
    app.seats().monitor().await;
    app.which_children().await.unwrap();
    assert!(app.seats().children().await.unwrap().is_empty());
    let third = app.seats().start_child(("go", 9)).await.unwrap();
    assert_eq!(third.path().await.unwrap(), "west/2/go/9");
    // Of several types.
    let house = app.house();
    let door = house.start_child::<Door>(()).await.unwrap();
    assert_eq!(door.path().await.unwrap(), "east/1");
    let seat = house.start_child::<Seat>(("x", 1)).await.unwrap();
    assert_eq!(seat.path().await.unwrap(), "east/1/x/1");
    assert_eq!(house.children::<Door>().await.unwrap().len(), 1);
}

/// A name leads to a supervisor of another kind: the child is refused, and the supervisor lives on.
#[tokio::test(start_paused = true)]
async fn ds_10_extra_arguments_of_other_types() {
    let _seats = Seats::start_link("west", 2).await.unwrap();
    type Wrong = DynamicSupervisorRef<suptree::WithExtra<Door, (String,)>>;
    let error = Wrong::named("seats".into())
        .start_child(3)
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        StartChildError::Start(StartError::Init(ExitReason::Error(_)))
    ));
    assert!(Seats::named().start_child(("a", 1)).await.is_ok());
}

supervisor! { First { dynamic: Game, max_children: 1 } }
supervisor! { Second { dynamic: Game } }
supervisor! { Both { strategy: one_for_one, children: [First, Second as other, First as third] } }

#[tokio::test(start_paused = true)]
async fn ds_27_dynamic_supervisors_of_one_supervisor_are_told_apart_by_their_ids() {
    let app = Both::start_link().await.unwrap();
    let children = app.which_children().await.unwrap();
    let ids: Vec<_> = children
        .iter()
        .map(|child| child.id.clone().unwrap())
        .collect();
    assert_eq!(ids, ["first".into(), "other".into(), "third".into()]);
    app.first().start_child(1).await.unwrap();
    assert!(app.first().start_child(2).await.is_err());
    app.third().start_child(3).await.unwrap();
    assert_eq!(app.other().count_children().await.unwrap().specs, 0);
    // A second one of the same id is refused.
    let again = app.start_child(First::child_spec()).await;
    assert_eq!(
        again,
        Err(StartChildError::AlreadyStarted(app.first().pid().unwrap()))
    );
    // One without a type of its own.
    let inline = DynamicSupervisorRef::<Game>::vacant();
    let flags = DynamicSupervisorSpec::new().max_children(1);
    let spec = DynamicSupervisorRef::child_spec(&inline, "inline", flags);
    let pid = app.start_child(spec).await.unwrap();
    assert_eq!(inline.pid(), Some(pid));
    let game = inline.start_child(1).await.unwrap();
    assert!(inline.start_child(1).await.is_err());
    inline.kill();
    game.monitor().await;
    app.which_children().await.unwrap();
    assert!(inline.is_alive());
    assert_eq!(inline.count_children().await.unwrap().specs, 0);
}

/// A child by hand, whose specification asks for what a dynamic supervisor has not.
struct Significant;

impl Child for Significant {
    type Args = u8;
    type Handle = GameClient;

    fn vacant() -> GameClient {
        <Game as Child>::vacant()
    }

    fn child_spec(handle: &GameClient, id: impl Into<ChildId>, players: u8) -> ChildSpec {
        <Game as Child>::child_spec(handle, id, players).significant(true)
    }
}

impl OnDemand for Significant {
    type Given = Cloned;
}

supervisor! { Significants { dynamic: Significant | Game } }

#[tokio::test(start_paused = true)]
async fn ds_04_a_significant_child_is_refused() {
    let sup = Significants::start_link().await.unwrap();
    let refused = sup.start_child::<Significant>(1).await.unwrap_err();
    assert_eq!(
        refused,
        StartChildError::Start(StartError::BadCombination {
            id: "child".into(),
            why: BadCombination::SignificantWithoutAutoShutdown,
        })
    );
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
    sup.start_child::<Game>(1).await.unwrap();
    // A type by itself, though its handle is the same.
    assert!(sup.children::<Significant>().await.unwrap().is_empty());
}

#[derive(Clone, Debug)]
struct Senseless(DynamicSupervisorRef<Game>);

impl Child for Senseless {
    type Args = usize;
    type Handle = Self;

    fn vacant() -> Self {
        Self(DynamicSupervisorRef::vacant())
    }

    fn child_spec(handle: &Self, id: impl Into<ChildId>, max: usize) -> ChildSpec {
        handle.as_child(id, max)
    }
}

impl DynamicSupervisor for Senseless {
    type Child = Game;

    fn name() -> Option<Name> {
        Some("senseless".into())
    }

    fn supervisor(&self) -> &DynamicSupervisorRef<Game> {
        &self.0
    }

    fn init(&self, max: usize) -> DynamicSupervisorSpec {
        assert!(max > 0, "no use");
        DynamicSupervisorSpec::new().max_children(max)
    }
}

#[tokio::test(start_paused = true)]
async fn ds_26_flags_that_panic_are_a_failed_start() {
    let failed = start_link_dynamic_supervisor::<Senseless>(0).await;
    assert!(matches!(
        failed,
        Err(StartError::Init(ExitReason::Panic(_)))
    ));
    let Senseless(sup) = start_link_dynamic_supervisor::<Senseless>(1).await.unwrap();
    assert!(sup.start_child(1).await.is_ok());
    assert!(sup.start_child(1).await.is_err());
}
