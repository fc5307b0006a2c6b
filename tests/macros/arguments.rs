//! Arguments of children: what several use, borrow and take, none of it cloned by hand.

use std::path::PathBuf;

use suptree::prelude::*;

#[derive(Default)]
struct Log(u64);

#[genserver]
impl Log {
    #[call]
    fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

struct Pair(String, String);

#[genserver]
impl Pair {
    #[init]
    fn init(first: String, second: String) -> Self {
        Self(first, second)
    }

    #[call]
    fn told(&self) -> String {
        format!("{} {}", self.0, self.1)
    }
}

struct Disk(PathBuf, Vec<LogClient>);

#[genserver]
impl Disk {
    #[init]
    fn init(path: PathBuf, logs: Vec<LogClient>) -> Self {
        Self(path, logs)
    }

    #[call]
    async fn told(&self) -> Result<(PathBuf, u64), CallError> {
        let mut sum = 0;
        for log in &self.1 {
            sum += log.next().await?;
        }
        Ok((self.0.clone(), sum))
    }
}

#[derive(Clone)]
struct Config {
    root: String,
    names: Vec<String>,
    spare: Option<String>,
    other: Option<String>,
}

impl Config {
    fn url(&self) -> &str {
        &self.root
    }

    fn into_root(self) -> String {
        self.root
    }
}

supervisor! {
    App(config: Config, text: String) {
        strategy: one_for_one,
        children: [
            // Borrowed, of the parameter or of a clone of it.
            Pair(config.url(), text.as_str()) as borrowed,
            Pair(text.as_str(), text) as both,
            Pair(&config.root, config.names[0].as_str()) as placed,
            // Taken, each its own.
            Pair(config.into_root(), config.root + "/") as taken,
            Pair(format!("{text}!"), config.clone().into_root()) as made,
            // Lists of borrowed items.
            for (n, name) in config.names.iter().enumerate() => Pair(format!("{n}"), name.as_str()) as listed,
            for name in config.names => Pair(name, text) as owned,
            for _ in 0..config.names.len() => Log as logs,
            // What a pattern takes apart.
            if let Some(spare) = config.spare => Pair(spare, "spare") as spare,
            if let Some(other) = config.other && !text.is_empty() => Pair(other, text) as other,
            if config.names.len() > 7 => Pair(text, config.root) as none,
            // Handles, of some further down.
            Disk(config.root.as_str(), vec![log, late]) as disk,
            Disk(config.root.as_str(), logs) as all,
            Log,
            Log as late,
            Pair(text, config.into_root()) as last,
        ],
    }
}

#[tokio::test(start_paused = true)]
async fn r212_arguments_are_shared_without_a_clone_by_hand() {
    let config = Config {
        root: "/data".to_owned(),
        names: vec!["ana".to_owned(), "joe".to_owned()],
        spare: Some("hot".to_owned()),
        other: None,
    };
    let app = App::start_link(config, "text").await.unwrap();
    let pairs = [
        (app.borrowed(), "/data text"),
        (app.both(), "text text"),
        (app.placed(), "/data ana"),
        (app.taken(), "/data /data/"),
        (app.made(), "text! /data"),
        (app.listed()[1].clone(), "1 joe"),
        (app.owned()[0].clone(), "ana text"),
        (app.spare(), "hot spare"),
        (app.last(), "text /data"),
    ];
    for (pair, told) in pairs {
        assert_eq!(pair.told().await.as_deref(), Ok(told));
    }
    assert!(!app.other().is_alive() && !app.none().is_alive());
    let told = Ok(Ok((PathBuf::from("/data"), 2)));
    assert_eq!(app.disk().told().await, told);
    assert_eq!(app.all().told().await, told);
    // Every restart of a child has them again.
    let last = app.last();
    last.kill();
    last.monitor().await;
    app.which_children().await.unwrap();
    assert_eq!(last.told().await.as_deref(), Ok("text /data"));
}
