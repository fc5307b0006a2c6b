"""Generates the crates whose compile time is compared: N servers of three calls and two casts, each used once.

What a crate does not use, rustc does not instantiate; so each server is started, and each of its calls and casts is sent."""

import os
import shutil
import tomllib
from pathlib import Path

from .paths import BENCH, PROJECT, TARGET

#: Dependencies are built once for all the crates.
TARGETS = TARGET / "compile" / "target"
#: For cargo: of the crate itself, nothing of an earlier build is used.
#: With what a debugger needs, whatever the caller builds with: it is among the lines that are counted.
NOT_INCREMENTAL = {**os.environ, "CARGO_INCREMENTAL": "0", "CARGO_PROFILE_DEV_DEBUG": "true"}

#: One server. Its calls and casts have the argument and reply types that servers have; the types of each are its own.
SUPTREE = """\
#[derive(Clone)]
pub struct Entry {{
    key: String,
    value: Vec<u8>,
}}

#[derive(Debug)]
pub enum Refused {{
    Full,
    Taken(String),
}}

#[derive(Default)]
pub struct Server{i} {{
    entries: Vec<Entry>,
    total: u64,
}}

#[suptree::genserver]
impl Server{i} {{
    #[call]
    fn get(&self, key: String) -> Option<Vec<u8>> {{
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.clone())
    }}
    #[call]
    fn add(&mut self, amount: u64) -> u64 {{
        self.total += amount;
        self.total
    }}
    #[call]
    fn insert(&mut self, entry: Entry) -> Result<usize, Refused> {{
        match self.entries.iter().find(|other| other.key == entry.key) {{
            Some(other) => Err(Refused::Taken(other.key.clone())),
            None if self.entries.len() > 100 => Err(Refused::Full),
            None => {{
                self.entries.push(entry);
                Ok(self.entries.len())
            }}
        }}
    }}
    #[cast]
    fn save(&mut self, key: String, value: Vec<u8>) {{
        self.entries.push(Entry {{ key, value }});
    }}
    #[cast]
    fn reset(&mut self) {{
        *self = Self::default();
    }}
}}

pub async fn exercise() -> Result<u64, Box<dyn std::error::Error>> {{
    let server = Server{i}::start_link().await?;
    server.save("a", vec![{i}]).await?;
    let found = server.get("a").await?;
    let size = server.insert(Entry {{ key: "b".into(), value: vec![1, 2] }}).await?.unwrap_or(0);
    server.reset().await?;
    let total = server.add(found.map_or(0, |value| value.len() as u64)).await?;
    server.stop().await?;
    Ok(total + size as u64)
}}
"""

KAMEO = """\
#[derive(Clone)]
pub struct Entry {{
    key: String,
    value: Vec<u8>,
}}

#[derive(Debug)]
pub enum Refused {{
    Full,
    Taken(String),
}}

#[derive(Default, kameo::Actor)]
pub struct Server{i} {{
    entries: Vec<Entry>,
    total: u64,
}}

#[kameo::messages]
impl Server{i} {{
    #[message]
    pub fn get(&self, key: String) -> Option<Vec<u8>> {{
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.clone())
    }}
    #[message]
    pub fn add(&mut self, amount: u64) -> u64 {{
        self.total += amount;
        self.total
    }}
    #[message]
    pub fn insert(&mut self, entry: Entry) -> Result<usize, Refused> {{
        match self.entries.iter().find(|other| other.key == entry.key) {{
            Some(other) => Err(Refused::Taken(other.key.clone())),
            None if self.entries.len() > 100 => Err(Refused::Full),
            None => {{
                self.entries.push(entry);
                Ok(self.entries.len())
            }}
        }}
    }}
    #[message]
    pub fn save(&mut self, key: String, value: Vec<u8>) {{
        self.entries.push(Entry {{ key, value }});
    }}
    #[message]
    pub fn reset(&mut self) {{
        *self = Self::default();
    }}
}}

pub async fn exercise() -> Result<u64, Box<dyn std::error::Error>> {{
    let server = <Server{i} as kameo::actor::Spawn>::spawn(Server{i}::default());
    server.tell(Save {{ key: "a".into(), value: vec![{i}] }}).await?;
    let found = server.ask(Get {{ key: "a".into() }}).await?;
    let size = server.ask(Insert {{ entry: Entry {{ key: "b".into(), value: vec![1, 2] }} }}).await.unwrap_or(0);
    server.tell(Reset).await?;
    let total = server.ask(Add {{ amount: found.map_or(0, |value| value.len() as u64) }}).await?;
    server.stop_gracefully().await?;
    server.wait_for_shutdown().await;
    Ok(total + size as u64)
}}
"""

TOKIO = """\
use tokio::sync::{{mpsc, oneshot}};

#[derive(Clone)]
pub struct Entry {{
    key: String,
    value: Vec<u8>,
}}

#[derive(Debug)]
pub enum Refused {{
    Full,
    Taken(String),
}}

enum Message{i} {{
    Get {{ key: String, reply: oneshot::Sender<Option<Vec<u8>>> }},
    Add {{ amount: u64, reply: oneshot::Sender<u64> }},
    Insert {{ entry: Entry, reply: oneshot::Sender<Result<usize, Refused>> }},
    Save {{ key: String, value: Vec<u8> }},
    Reset,
}}

#[derive(Default)]
struct Server{i} {{
    entries: Vec<Entry>,
    total: u64,
}}

impl Server{i} {{
    async fn run(mut self, mut mailbox: mpsc::Receiver<Message{i}>) {{
        while let Some(message) = mailbox.recv().await {{
            self.handle(message);
        }}
    }}
    fn handle(&mut self, message: Message{i}) {{
        match message {{
            Message{i}::Get {{ key, reply }} => {{
                let found = self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.clone());
                let _ = reply.send(found);
            }}
            Message{i}::Add {{ amount, reply }} => {{
                self.total += amount;
                let _ = reply.send(self.total);
            }}
            Message{i}::Insert {{ entry, reply }} => {{
                let _ = reply.send(self.insert(entry));
            }}
            Message{i}::Save {{ key, value }} => self.entries.push(Entry {{ key, value }}),
            Message{i}::Reset => *self = Self::default(),
        }}
    }}
    fn insert(&mut self, entry: Entry) -> Result<usize, Refused> {{
        match self.entries.iter().find(|other| other.key == entry.key) {{
            Some(other) => Err(Refused::Taken(other.key.clone())),
            None if self.entries.len() > 100 => Err(Refused::Full),
            None => {{
                self.entries.push(entry);
                Ok(self.entries.len())
            }}
        }}
    }}
}}

pub async fn exercise() -> Result<u64, Box<dyn std::error::Error>> {{
    let (server, mailbox) = mpsc::channel(1024);
    let task = tokio::spawn(Server{i}::default().run(mailbox));
    server.send(Message{i}::Save {{ key: "a".into(), value: vec![{i}] }}).await?;
    let (reply, found) = oneshot::channel();
    server.send(Message{i}::Get {{ key: "a".into(), reply }}).await?;
    let found = found.await?;
    let (reply, size) = oneshot::channel();
    let entry = Entry {{ key: "b".into(), value: vec![1, 2] }};
    server.send(Message{i}::Insert {{ entry, reply }}).await?;
    let size = size.await?.unwrap_or(0);
    server.send(Message{i}::Reset).await?;
    let (reply, total) = oneshot::channel();
    server.send(Message{i}::Add {{ amount: found.map_or(0, |value| value.len() as u64), reply }}).await?;
    let total = total.await?;
    drop(server);
    task.await?;
    Ok(total + size as u64)
}}
"""

MAIN = """\
// Nothing looks into the errors.
#![allow(dead_code)]

{modules}
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let mut sum = 0;
{uses}
    assert_eq!(sum, 3 * {n});
    Ok(())
}}
"""

MANIFEST = """\
[workspace]

[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
tokio = {{ version = "1", features = ["rt", "sync", "time", "macros"] }}
{dependency}
"""

SERVERS = {"suptree": SUPTREE, "kameo": KAMEO, "tokio": TOKIO}


def generate(system: str, n: int) -> Path:
    """The folder of a crate of `n` servers, whose `main` uses each of them."""
    crate = TARGETS.parent / f"{system}-{n}"
    (crate / "src").mkdir(parents=True, exist_ok=True)
    modules = [f"mod server{i} {{\n{SERVERS[system].format(i=i)}}}\n" for i in range(n)]
    uses = "\n".join(f"    sum += server{i}::exercise().await?;" for i in range(n))
    write(crate / "src" / "main.rs", MAIN.format(modules="\n".join(modules), uses=uses, n=n))
    write(crate / "Cargo.toml", MANIFEST.format(name=crate.name, dependency=dependency(system)))
    # The versions of the comparison; cargo takes out what is not used.
    shutil.copy(BENCH / "Cargo.lock", crate / "Cargo.lock")
    return crate


def dependency(system: str) -> str:
    if system == "suptree":
        return f'suptree = {{ path = "{PROJECT}" }}'
    if system == "kameo":
        # As `systems/kameo` takes it.
        manifest = tomllib.loads((BENCH / "systems" / "kameo" / "Cargo.toml").read_text())
        kameo = manifest["dependencies"]["kameo"]
        return f'kameo = {{ version = "{kameo["version"]}", default-features = false, features = ["macros"] }}'
    return ""


def write(path: Path, text: str) -> None:
    """Cargo goes by the time of change: a file that stays the same is left alone."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
