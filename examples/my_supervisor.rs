//! The article's third program: a supervisor written by hand, as a server that traps exits.
//!
//! It links its children, hears of their ends, and starts them again: a supervisor is nothing special. Run with
//! `cargo run --example my_supervisor`. It checks what it prints, and ends by itself.

#[path = "support/transcript.rs"]
mod transcript;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use suptree::prelude::*;
use transcript::Transcript;

#[derive(Default)]
struct Cache(Option<String>);
#[genserver(name = "cache")]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> {
        self.0.clone()
    }
    #[cast]
    fn save(&mut self, new: String) {
        self.0 = Some(new);
    }
}

/// How to start a child: the article's child modules, each with its `start_link`.
type StartLink = fn() -> Pin<Box<dyn Future<Output = Result<Pid, StartError>> + Send>>;

fn start_cache() -> Pin<Box<dyn Future<Output = Result<Pid, StartError>> + Send>> {
    Box::pin(async { Ok(Cache::start_link().await?.pid().unwrap_or_else(self_pid)) })
}

struct MySupervisor {
    children: HashMap<Pid, StartLink>,
    screen: Screen,
}
#[genserver(trap_exit)]
impl MySupervisor {
    #[init]
    async fn init(children: Vec<StartLink>, screen: Screen) -> Result<Self, StartError> {
        let mut running = HashMap::new();
        for child in children {
            running.insert(child().await?, child);
        }
        Ok(Self {
            children: running,
            screen,
        })
    }
    #[exit]
    async fn child_ended(&mut self, from: Pid, reason: ExitReason) -> Result<(), StartError> {
        self.screen
            .output(format!("Exit pid: {from} reason: {reason}"));
        if let Some(child) = self.children.remove(&from) {
            self.children.insert(child().await?, child);
        }
        Ok(())
    }
    #[call]
    fn children(&self) -> usize {
        self.children.len()
    }
}

/// What the session and the supervisor both print on.
#[derive(Clone)]
struct Screen(Arc<Mutex<Transcript>>);

impl Screen {
    fn input(&self, text: &str) {
        self.0
            .lock()
            .expect("nobody panics with the lock")
            .input(text);
    }

    fn output(&self, text: impl Into<String>) {
        self.0
            .lock()
            .expect("nobody panics with the lock")
            .output(text);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let iex = Screen(Arc::new(Mutex::new(Transcript::new())));
    iex.input("MySupervisor::start_link([Cache])");
    let supervisor = MySupervisor::start_link(vec![start_cache as StartLink], iex.clone()).await?;
    iex.output("Ok(MySupervisor)");

    let cache = Cache::named();
    iex.input(r#"cache.save("hola")"#);
    cache.save("hola").await?;
    iex.output(":ok");
    assert_eq!(cache.get().await?.as_deref(), Some("hola"));
    iex.input(r#"whereis("cache")"#);
    let before = cache.pid().expect("the cache runs");
    iex.output(before.to_string());

    iex.input("cache.kill()");
    let death = cache.monitor();
    cache.kill();
    death.await;
    // Answered after the exit: the supervisor handles one message after the other.
    assert_eq!(supervisor.children().await?, 1);
    iex.output("true");
    iex.input(r#"whereis("cache")"#);
    let after = cache.pid().expect("the cache was started again");
    iex.output(after.to_string());
    iex.input("cache.get()");
    iex.output(format!(
        ":{}",
        cache.get().await?.as_deref().unwrap_or("empty")
    ));

    assert_ne!(before, after);
    supervisor.stop_with(ExitReason::Shutdown).await?;
    assert!(
        !cache.is_alive(),
        "the link to its supervisor took the cache along"
    );
    iex.0.lock().expect("nobody panics with the lock").check(&[
        "1> MySupervisor::start_link([Cache])",
        "Ok(MySupervisor)",
        r#"2> cache.save("hola")"#,
        ":ok",
        r#"3> whereis("cache")"#,
        &before.to_string(),
        "4> cache.kill()",
        &format!("Exit pid: {before} reason: killed"),
        "true",
        r#"5> whereis("cache")"#,
        &after.to_string(),
        "6> cache.get()",
        ":empty",
    ]);
    Ok(())
}
