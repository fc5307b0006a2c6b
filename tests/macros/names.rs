//! `name = ..`: constants, init arguments, expressions of them; `named`.

use suptree::{Name, prelude::*, whereis};

const LOBBY: &str = "lobby";

#[derive(Default)]
struct Lobby;

#[genserver(name = LOBBY)]
impl Lobby {
    #[call]
    fn who(&self) -> &'static str {
        "lobby"
    }
}

#[tokio::test]
async fn a_constant() {
    let lobby = Lobby::start().await.unwrap();
    assert_eq!(Lobby::named().who().await, Ok("lobby"));
    assert_eq!(whereis("lobby"), lobby.pid());
    assert!(
        matches!(Lobby::start().await, Err(StartError::AlreadyStarted(pid)) if Some(pid) == lobby.pid())
    );
}

struct Room {
    id: String,
}

#[genserver(name = id)]
impl Room {
    #[init]
    fn init(id: String) -> Self {
        Self { id }
    }

    #[call]
    fn id(&self) -> String {
        self.id.clone()
    }
}

#[tokio::test]
async fn an_init_argument() {
    let room = Room::start("kitchen").await.unwrap();
    let _other = Room::start(String::from("hall")).await.unwrap();
    assert_eq!(Room::named("kitchen").id().await.as_deref(), Ok("kitchen"));
    assert_eq!(
        Room::named("hall".to_owned()).id().await.as_deref(),
        Ok("hall")
    );
    assert_eq!(Room::named("cellar").id().await, Err(CallError::NoProc));
    assert_eq!(whereis("kitchen"), room.pid());
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Floor {
    Ground,
    First,
}

struct Lift(Floor, u8);

#[genserver(name = (floor, shaft))]
impl Lift {
    #[init]
    fn init(floor: Floor, load: u32, shaft: u8) -> Result<Self, std::fmt::Error> {
        if load > 8 {
            Err(std::fmt::Error)
        } else {
            Ok(Self(floor, shaft))
        }
    }

    #[call]
    fn place(&self) -> (Floor, u8) {
        (self.0, self.1)
    }
}

#[tokio::test]
async fn a_typed_key_of_several_arguments() {
    let _one = Lift::start(Floor::Ground, 4, 1).await.unwrap();
    let _two = Lift::start(Floor::First, 4, 1).await.unwrap();
    // `named` takes those arguments only that the name is made of, in their order.
    assert_eq!(
        Lift::named(Floor::First, 1).place().await,
        Ok((Floor::First, 1))
    );
    assert_eq!(
        Lift::named(Floor::First, 2).place().await,
        Err(CallError::NoProc)
    );
    assert!(Lift::start(Floor::Ground, 4, 1).await.is_err());
    assert!(Lift::start(Floor::Ground, 9, 3).await.is_err());
}

struct Desk(u64);

#[genserver(name = format!("{LOBBY}_{}_{number:03}", if upper { "upper" } else { "lower" }))]
impl Desk {
    #[init]
    fn init(number: u64, weight: f64, upper: bool) -> Self {
        let _ = (weight, upper);
        Self(number)
    }

    #[call]
    fn number(&self) -> u64 {
        self.0
    }
}

#[tokio::test]
async fn an_expression() {
    let desk = Desk::start(7, 1.5, true).await.unwrap();
    assert_eq!(whereis("lobby_upper_007"), desk.pid());
    assert_eq!(Desk::named(7, true).number().await, Ok(7));
    assert_eq!(Desk::named(7, false).number().await, Err(CallError::NoProc));
}

struct Shop;

#[genserver(name = Name::new(key.to_uppercase()))]
impl Shop {
    #[init]
    fn init(key: String) -> Self {
        drop(key);
        Self
    }

    #[call]
    fn is_open(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_name_made_by_hand() {
    let shop = Shop::start("grocer").await.unwrap();
    assert_eq!(whereis("GROCER"), shop.pid());
    assert_eq!(Shop::named("Grocer").is_open().await, Ok(true));
}

#[tokio::test]
async fn a_client_by_name_finds_each_holder() {
    let client = Room::named("kitchen");
    assert_eq!(client.id().await, Err(CallError::NoProc));
    let first = Room::start("kitchen").await.unwrap();
    assert_eq!(client.pid(), first.pid());
    first.stop().await.unwrap();
    let second = Room::start("kitchen").await.unwrap();
    assert_eq!(client.pid(), second.pid());
    assert_ne!(first.pid(), second.pid());
}

#[tokio::test]
async fn whereis_finds_who_has_the_name_now() {
    assert!(Lobby::whereis().is_none());
    assert!(Room::whereis("kitchen").is_none());
    let first = Room::start("kitchen").await.unwrap();
    let name = String::from("kitchen");
    let found = Room::whereis(&name).unwrap();
    assert_eq!(found.pid(), first.pid());
    assert_eq!(found.id().await.as_deref(), Ok("kitchen"));
    first.stop().await.unwrap();
    let _second = Room::start("kitchen").await.unwrap();
    assert_eq!(found.id().await, Err(CallError::NoProc));
    // Another server's name is nobody's here, and a name that has to be made takes what `named` takes.
    let _lobby = Room::start("lobby").await.unwrap();
    assert!(Lobby::whereis().is_none());
    let desk = Desk::start(7, 1.5, true).await.unwrap();
    assert_eq!(
        Desk::whereis(7, true).and_then(|desk| desk.pid()),
        desk.pid()
    );
    assert!(Desk::whereis(7, false).is_none());
}

#[tokio::test]
async fn a_client_of_another_server_is_not_found_by_its_name() {
    let _room = Room::start("lobby").await.unwrap();
    assert_eq!(Lobby::named().who().await, Err(CallError::NoProc));
}

struct Unused(u8);

// The name does not use the argument, though one of its words is the same.
#[genserver(name = Numbers { id: 5 }.id)]
impl Unused {
    #[init]
    fn init(number: u8) -> Self {
        Self(number)
    }

    #[call]
    fn number(&self) -> u8 {
        self.0
    }
}

struct Numbers {
    id: u16,
}

#[tokio::test]
async fn an_expression_without_arguments() {
    let _unused = Unused::start(3).await.unwrap();
    assert_eq!(Unused::named().number().await, Ok(3));
}
