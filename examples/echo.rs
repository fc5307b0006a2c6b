//! An echo server: the loop that accepts connections is a task, and each connection a process. One that crashes takes nobody along,
//! the loop itself comes back, and all of it is stopped in order.
//!
//! Run with `cargo run --example echo`. It checks what it prints, and ends by itself.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use suptree::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// One connection. Its socket cannot be cloned, so it is never started again.
struct Connection(TcpStream);

#[genserver(restart = temporary)]
impl Connection {
    #[init]
    fn init(socket: TcpStream) -> Self {
        Self(socket)
    }

    /// Says what it hears, until the other side is done.
    #[cast]
    async fn serve(&mut self, cx: &mut Context<Self>) -> io::Result<()> {
        let mut heard = [0; 1024];
        loop {
            let heard = match self.0.read(&mut heard).await? {
                0 => break,
                length => &heard[..length],
            };
            assert_ne!(heard, b"crash", "as it was told");
            self.0.write_all(heard).await?;
        }
        cx.stop(ExitReason::Normal);
        Ok(())
    }
}

supervisor! { Connections { dynamic: Connection } }

async fn accept_loop(listener: Arc<TcpListener>, connections: Connections) -> io::Result<()> {
    loop {
        let (socket, _) = listener.accept().await?;
        // What is not started drops its socket.
        if let Ok(connection) = connections.start_child(socket).await {
            let _gone = connection.serve().await;
        }
    }
}

supervisor! {
    App(listener: Arc<TcpListener>) {
        strategy: one_for_one,
        children: [
            Connections,
            task accept: accept_loop(listener, connections) { restart: permanent },
        ],
    }
}

/// The other side.
struct Client(TcpStream);

impl Client {
    async fn connect(address: SocketAddr) -> io::Result<Self> {
        Ok(Self(TcpStream::connect(address).await?))
    }

    /// What comes back; nothing, if the connection ends.
    async fn say(&mut self, text: &str) -> String {
        if self.0.write_all(text.as_bytes()).await.is_err() {
            return String::new();
        }
        let mut answer = vec![0; text.len()];
        match self.0.read_exact(&mut answer).await {
            Ok(_) => String::from_utf8_lossy(&answer).into_owned(),
            Err(_) => String::new(),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The crash of a connection is on purpose.
    std::panic::set_hook(Box::new(|_| {}));
    let mut seen = Vec::new();
    let mut see = |line: String| {
        println!("{line}");
        seen.push(line);
    };
    let listener = Arc::new(TcpListener::bind("127.0.0.1:0").await?);
    let address = listener.local_addr()?;
    let app = App::start_link(listener).await?;

    let mut one = Client::connect(address).await?;
    let mut other = Client::connect(address).await?;
    see(format!("one: {:?}", one.say("hola").await));
    see(format!("other: {:?}", other.say("adiós").await));
    see(format!("one crashes: {:?}", one.say("crash").await));
    see(format!("other: {:?}", other.say("still here").await));

    // The loop is killed; who is connected does not notice, and the next one is accepted by the next loop.
    let end = app.accept().monitor();
    app.accept().kill();
    see(format!("accept: {}", end.await.reason));
    let mut third = Client::connect(address).await?;
    see(format!("third: {:?}", third.say("hello").await));
    see(format!("other: {:?}", other.say("and here").await));
    let children = app.connections().which_children().await?;
    see(format!("connections: {}", children.len()));

    // One hangs up: its process ends. The other is stopped with the tree, and its socket with it.
    let ends: Vec<_> = children
        .iter()
        .filter_map(suptree::ChildInfo::pid)
        .map(suptree::monitor)
        .collect();
    drop(third);
    let mut ends = ends.into_iter();
    let (first, second) = (ends.next().expect("two"), ends.next().expect("two"));
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
        "accept: killed",
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
