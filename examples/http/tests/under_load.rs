//! The example as its clients see it: stopped under load without a lost request, and limited.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

struct Server {
    child: Child,
    address: SocketAddr,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Server {
    fn start(most: u32) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_suptree-example-http"))
            .args(["127.0.0.1:0", &most.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let line = lines.next().expect("it says where").expect("a line");
        let address = line.strip_prefix("listens on ").expect("an address");
        Self {
            child,
            address: address.parse().expect("an address"),
            lines,
        }
    }

    fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(sent.is_ok_and(|status| status.success()));
    }

    /// Its exit code, and what the limiter has counted.
    fn end(mut self) -> (Option<i32>, String) {
        let said = self.lines.next().expect("it counts").expect("a line");
        (self.child.wait().expect("it has ended").code(), said)
    }
}

/// One request, on a connection of its own. `None`: it was not taken. Else the status, and whether the answer is whole.
fn request(address: SocketAddr) -> Option<(u16, bool)> {
    get(address, "/")
}

fn get(address: SocketAddr, path: &str) -> Option<(u16, bool)> {
    let mut stream = TcpStream::connect(address).ok()?;
    // Nobody waits for ever: what hangs is a lost request.
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .ok()?;
    stream
        .write_all(
            format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").as_bytes(),
        )
        .ok()?;
    let mut answer = Vec::new();
    let whole = stream.read_to_end(&mut answer).is_ok();
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .and_then(|length| length.parse().ok());
    Some((status, whole && length == Some(body.len())))
}

/// SIGTERM in the middle of the load: every request that was taken gets its whole answer, and the program ends well.
#[test]
fn app_06_stopped_under_load_no_request_is_lost() {
    const CLIENTS: usize = 16;
    let server = Server::start(u32::MAX);
    let address = server.address;
    let answered = AtomicUsize::new(0);
    let cut = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                while let Some((status, whole)) = request(address) {
                    if (status, whole) == (200, true) {
                        answered.fetch_add(1, Ordering::SeqCst);
                    } else {
                        cut.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        }
        while answered.load(Ordering::SeqCst) < 10 * CLIENTS {
            std::thread::yield_now();
        }
        server.terminate();
    });
    let (code, said) = server.end();
    let answered = answered.load(Ordering::SeqCst);
    assert_eq!(code, Some(0));
    assert_eq!(cut.load(Ordering::SeqCst), 0, "answers that are not whole");
    assert_eq!(said, format!("allowed {answered}, refused 0"));
}

#[test]
fn the_limiter_lets_so_many_through() {
    let server = Server::start(1);
    let answers: Vec<_> = (0..20).filter_map(|_| request(server.address)).collect();
    server.terminate();
    let (code, said) = server.end();
    let count = |wanted| {
        answers
            .iter()
            .filter(|(status, _)| *status == wanted)
            .count()
    };
    let (allowed, refused) = (count(200), count(429));
    assert_eq!((code, answers.len()), (Some(0), 20));
    assert_eq!(allowed + refused, 20);
    assert!(allowed >= 1 && refused > 0, "{answers:?}");
    assert_eq!(said, format!("allowed {allowed}, refused {refused}"));
}

/// It listens before all of it is there, and says so.
#[test]
fn r190_it_says_when_it_is_ready() {
    let server = Server::start(1);
    loop {
        match get(server.address, "/ready") {
            Some((200, _)) => break,
            other => assert_eq!(other.map(|(status, _)| status), Some(503)),
        }
    }
    server.terminate();
    assert_eq!(server.end().0, Some(0));
}
