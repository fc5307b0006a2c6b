//! The article's first session: a Cache under supervision, used, killed, restarted.
//!
//! Run with `cargo run --example cache`. It checks what it prints, and ends by itself.

#[path = "support/transcript.rs"]
mod transcript;

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
supervisor! { App { strategy: one_for_one, children: [Cache] } }

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut iex = Transcript::new();
    let app = App::start_link().await?;
    iex.input("App::start_link()");
    iex.output("Ok(App)");

    let cache = app.cache();
    iex.input("cache.get()");
    iex.output(shown(cache.get().await?));
    iex.input(r#"cache.save("hola")"#);
    cache.save("hola").await?;
    iex.output(":ok");
    iex.input("cache.get()");
    iex.output(shown(cache.get().await?));

    iex.input(r#"whereis("cache")"#);
    let before = suptree::whereis("cache").expect("the cache runs");
    iex.output(format!("{before}"));
    iex.input("cache.kill()");
    let death = cache.monitor();
    cache.kill();
    iex.output("true");
    assert_eq!(death.await.reason, ExitReason::Killed);
    // The supervisor answers after it has restarted what ended.
    app.which_children().await?;

    iex.input("cache.get()");
    iex.output(shown(cache.get().await?));
    iex.input(r#"whereis("cache")"#);
    let after = suptree::whereis("cache").expect("the cache was restarted");
    iex.output(format!("{after}"));

    assert_ne!(before, after, "a new process under the old name");
    iex.check(&[
        "1> App::start_link()",
        "Ok(App)",
        "2> cache.get()",
        ":empty",
        r#"3> cache.save("hola")"#,
        ":ok",
        "4> cache.get()",
        ":hola",
        r#"5> whereis("cache")"#,
        &before.to_string(),
        "6> cache.kill()",
        "true",
        "7> cache.get()",
        ":empty",
        r#"8> whereis("cache")"#,
        &after.to_string(),
    ]);
    app.stop().await?;
    Ok(())
}

/// As the article writes it: `:empty`, or the value as an atom.
fn shown(value: Option<String>) -> String {
    format!(":{}", value.as_deref().unwrap_or("empty"))
}
