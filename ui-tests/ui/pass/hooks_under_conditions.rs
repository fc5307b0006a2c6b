//! Two hooks of one kind, of which there is always one: each under a condition.

use std::sync::Mutex;

use suptree::prelude::*;

static TOLD: Mutex<Vec<&str>> = Mutex::new(Vec::new());

fn tell(word: &'static str) {
    TOLD.lock().unwrap().push(word);
}

#[derive(Default)]
struct Cache;

#[genserver(idle = 1ms)]
impl Cache {
    #[cfg(unix)]
    #[terminate]
    fn end(&mut self) {
        tell("ended here");
    }

    #[cfg(not(unix))]
    #[terminate]
    async fn end(&mut self, reason: &ExitReason) {
        println!("{reason}");
        tell("ended there");
    }

    #[cfg(not(unix))]
    #[timeout]
    async fn idle(&mut self) {
        unreachable!("an idle server elsewhere");
    }

    #[cfg(unix)]
    #[timeout]
    fn rest(&mut self, cx: &mut Context<Self>) {
        tell("idle here");
        cx.stop(ExitReason::Normal);
    }

    #[cfg(any())]
    #[down]
    fn nobody(&mut self, down: Down) {
        println!("{down:?}");
    }

    #[cfg(any())]
    #[down]
    fn nobody_else(&mut self, down: Down) {
        println!("{down:?}");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start().await?;
    cache.monitor().await;
    let told = TOLD.lock().unwrap().join(", ");
    assert_eq!(told, if cfg!(unix) { "idle here, ended here" } else { "ended there" });
    Ok(())
}
