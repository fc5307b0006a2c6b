//! A chat over TCP: a process for each connection, and a room for each topic, which is started when somebody comes, and ends when all have
//! left.
//!
//! The first line that somebody says is the topic; every other one goes to all that are in its room. Run with `cargo run --example chat`.
//! It checks what it finds, and ends by itself.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use suptree::prelude::*;
use suptree::{Group, Task};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Who is in it. Who dies has left.
struct Room(Group<ConnectionClient>);

#[genserver(name = ("room", _topic), restart = transient)]
impl Room {
    #[init]
    fn init(_topic: String) -> Self {
        Self(Group::new())
    }

    #[call]
    fn enter(&mut self, who: ConnectionClient, cx: &mut Context<Self>) -> bool {
        cx.monitor(&who);
        self.0.join(&who).is_ok()
    }

    /// Who does not read is not waited for.
    #[cast]
    fn say(&mut self, line: Arc<str>) {
        let missed = self.0.broadcast(|who| who.tell(&*line).try_send());
        missed.iter().for_each(|(slow, _)| slow.kill());
    }

    #[down]
    fn left(&mut self, _who: Down, cx: &mut Context<Self>) {
        if self.0.is_empty() {
            cx.stop(ExitReason::Normal);
        }
    }
}

/// Its socket, and the room that it is in.
struct Connection(OwnedWriteHalf, Option<RoomClient>);

#[genserver(restart = temporary)]
impl Connection {
    #[init]
    fn init(socket: TcpStream, cx: &mut Context<Self>) -> Self {
        let (lines, socket) = socket.into_split();
        Task::start_link(listen(lines, cx.client()));
        Self(socket, None)
    }

    #[cast]
    async fn heard(&mut self, line: String, cx: &mut Context<Self>) -> Result<(), ExitReason> {
        if let Some(room) = &self.1 {
            return Ok(room.say(line.as_str()).await?);
        }
        let _is_open = Rooms::named().start_child(line.as_str()).await;
        let room = Room::named(line);
        room.enter(cx.client()).await?;
        self.1 = Some(room);
        Ok(())
    }

    #[cast]
    async fn tell(&mut self, line: Arc<str>) -> io::Result<()> {
        self.0.write_all(format!("{line}\n").as_bytes()).await
    }
}

/// Ends the connection when the other side has hung up; an error ends both.
async fn listen(from: OwnedReadHalf, to: ConnectionClient) -> Result<(), ExitReason> {
    let mut lines = BufReader::new(from).lines();
    while let Some(line) = lines.next_line().await? {
        to.heard(line).await?;
    }
    Ok(to.stop().await?)
}

async fn accept(from: Arc<TcpListener>, connections: Connections) -> io::Result<()> {
    loop {
        let (socket, _) = from.accept().await?;
        let _refused = connections.start_child(socket).await;
    }
}

supervisor! { Rooms(name = "rooms") { dynamic: Room } }
supervisor! { Connections { dynamic: Connection } }
supervisor! {
    App(listener: Arc<TcpListener>) {
        strategy: one_for_one,
        children: [Rooms, Connections, task accept: accept(listener, connections) { restart: permanent }],
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Some ends are on purpose.
    suptree::remove_default_handler();
    let listener = Arc::new(TcpListener::bind("127.0.0.1:0").await?);
    let address = listener.local_addr()?;
    let app = App::start_link(listener).await?;

    let mut ana = Person::comes(address, "rust", "ana").await?;
    let mut bea = Person::comes(address, "rust", "bea").await?;
    let mut eva = Person::comes(address, "chess", "eva").await?;
    assert_eq!(ana.hears().await?, "bea is here");
    assert_eq!(app.rooms().children().await?.len(), 2);

    ana.says("hola").await?;
    assert_eq!(ana.hears().await?, "hola");
    assert_eq!(bea.hears().await?, "hola");
    eva.says("e4").await?;
    assert_eq!(eva.hears().await?, "e4"); // and nothing of the other room
    println!("everybody hears what is said in the room");

    // One connection crashes, and the others talk on.
    let connections = app.connections().children().await?;
    let (end, others) = (connections[1].monitor(), connections[0].monitor());
    connections[1].kill();
    end.await;
    assert!(bea.hears().await.is_err());
    ana.says("who is there?").await?;
    assert_eq!(ana.hears().await?, "who is there?");
    println!("one is gone, and the others talk on");

    // The last one leaves: the room is closed, and opened for the next.
    let room = Room::whereis("rust").expect("it is open").monitor();
    drop(ana);
    assert_eq!(others.await.reason, ExitReason::Normal);
    assert_eq!(room.await.reason, ExitReason::Normal);
    assert_eq!(app.rooms().children().await?.len(), 1);
    Person::comes(address, "rust", "pía").await?;
    println!("the room was empty, and is open again");

    app.stop().await?;
    assert!(eva.hears().await.is_err());
    assert_eq!(suptree::processes().len(), 0);
    Ok(())
}

/// The other side of a connection.
struct Person(BufReader<TcpStream>);

impl Person {
    /// Is in the room when everybody there hears of it.
    async fn comes(address: SocketAddr, topic: &str, name: &str) -> io::Result<Self> {
        let mut person = Self(BufReader::new(TcpStream::connect(address).await?));
        person.says(topic).await?;
        person.says(&format!("{name} is here")).await?;
        assert_eq!(person.hears().await?, format!("{name} is here"));
        Ok(person)
    }

    async fn says(&mut self, line: &str) -> io::Result<()> {
        self.0.write_all(format!("{line}\n").as_bytes()).await
    }

    async fn hears(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.0.read_line(&mut line).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}
