//! An echo server: it reads a stream of connections, and each of them is a process that reads a stream of lines. One that crashes takes
//! nobody along, who accepts them comes back, and all of it is stopped in order.
//!
//! Run with `cargo run --example echo`. It checks what it prints, and ends by itself.

use std::io;
use std::net::SocketAddr;

use suptree::prelude::*;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio_stream::wrappers::{LinesStream, TcpListenerStream};

/// One connection. Its socket cannot be cloned, so it is never started again.
struct Connection(OwnedWriteHalf);

#[genserver(restart = temporary)]
impl Connection {
    #[init]
    fn init(socket: TcpStream, cx: &mut Context<Self>) -> Self {
        let (heard, socket) = socket.into_split();
        let (lines, me) = (BufReader::new(heard).lines(), cx.client());
        cx.attach(LinesStream::new(lines))
            .heard()
            .on_end(me.hung_up());
        Self(socket)
    }

    /// Says what it hears. While it writes, it reads no more.
    #[info]
    async fn heard(&mut self, line: io::Result<String>) -> io::Result<()> {
        let line = line?;
        assert_ne!(line, "crash", "as it was told");
        self.0.write_all(format!("{line}\n").as_bytes()).await
    }

    #[info]
    fn hung_up(&mut self, cx: &mut Context<Self>) {
        cx.stop(ExitReason::Normal);
    }
}

/// Started again, it listens again.
struct Acceptor {
    address: SocketAddr,
    connections: AppConnections,
}

#[genserver]
impl Acceptor {
    #[init]
    async fn init(
        address: SocketAddr,
        connections: AppConnections,
        cx: &mut Context<Self>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        cx.attach(TcpListenerStream::new(listener)).accepted();
        Ok(Self {
            address,
            connections,
        })
    }

    #[info]
    async fn accepted(&mut self, socket: io::Result<TcpStream>) -> io::Result<()> {
        // What is not started drops its socket.
        let _refused = self.connections.start_child(socket?).await;
        Ok(())
    }

    #[call]
    fn address(&self) -> SocketAddr {
        self.address
    }
}

supervisor! {
    App(address: SocketAddr) {
        strategy: one_for_one,
        children: [
            dynamic connections: Connection,
            Acceptor(address, connections),
        ],
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The crash of a connection is on purpose.
    std::panic::set_hook(Box::new(|_| {}));
    suptree::remove_default_handler();
    let mut seen = Vec::new();
    let mut see = |line: String| {
        println!("{line}");
        seen.push(line);
    };
    let app = App::start_link("127.0.0.1:0".parse::<SocketAddr>()?).await?;
    let address = app.acceptor().address().await?;

    let mut one = Client::connect(address).await?;
    let mut other = Client::connect(address).await?;
    see(format!("one: {:?}", one.say("hola").await));
    see(format!("other: {:?}", other.say("adiós").await));
    see(format!("one crashes: {:?}", one.say("crash").await));
    see(format!("other: {:?}", other.say("still here").await));

    // Who accepts is killed; who is connected does not notice, and the next one is accepted by its successor.
    let end = app.acceptor().monitor();
    app.acceptor().kill();
    see(format!("acceptor: {}", end.await.reason));
    app.ready().await?;
    let mut third = Client::connect(app.acceptor().address().await?).await?;
    see(format!("third: {:?}", third.say("hello").await));
    see(format!("other: {:?}", other.say("and here").await));
    let connections = app.connections().children().await?;
    see(format!("connections: {}", connections.len()));

    // One hangs up: its process ends. The other is stopped with the tree, and its socket with it.
    let [first, second] = [0, 1].map(|n| connections[n].monitor());
    drop(third);
    see(format!("third: {}", second.await.reason));
    app.stop().await?;
    see(format!("other: {}", first.await.reason));
    see(format!("other: {:?}", other.say("anybody?").await));
    see(format!("processes: {}", suptree::processes().len()));
    let expected = [
        "one: \"hola\"",
        "other: \"adiós\"",
        "one crashes: \"\"",
        "other: \"still here\"",
        "acceptor: killed",
        "third: \"hello\"",
        "other: \"and here\"",
        "connections: 2",
        "third: normal",
        "other: shutdown",
        "other: \"\"",
        "processes: 0",
    ];
    assert_eq!(seen, expected);
    Ok(())
}

/// The other side.
struct Client(BufReader<TcpStream>);

impl Client {
    async fn connect(address: SocketAddr) -> io::Result<Self> {
        Ok(Self(BufReader::new(TcpStream::connect(address).await?)))
    }

    /// What comes back; nothing, if the connection ends.
    async fn say(&mut self, text: &str) -> String {
        let mut answer = String::new();
        if self
            .0
            .write_all(format!("{text}\n").as_bytes())
            .await
            .is_ok()
        {
            let _is_cut_off = self.0.read_line(&mut answer).await;
        }
        answer.trim_end().to_owned()
    }
}
