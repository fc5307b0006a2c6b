//! `format_status`: what is shown of a server, and what is not.

use std::io;
use std::sync::{Arc, Mutex};

use suptree::prelude::*;
use suptree::{FormatStatus, NoMessage, ServerOptions, sys};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::reports::Report;
use crate::support::{Oops, Reports, ms};

const SECRET: &str = "CANARY";

/// The only report.
fn only(reports: &Reports) -> Report {
    let all = reports.all();
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

/// What its hook does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Hook {
    Hides,
    Panics,
}

macro_rules! vaults {
    ($($vault:ident: $inline:ident;)*) => {$(
        #[derive(Debug)]
        struct $vault {
            hook: Hook,
            #[allow(dead_code, reason = "shown")]
            secret: String,
        }

        #[genserver(last_message, inline = $inline)]
        impl $vault {
            #[init]
            fn init(hook: Hook, secret: String) -> Self {
                Self { hook, secret }
            }

            #[call]
            fn open(&mut self, _secret: String, cx: &mut Context<Self>) {
                cx.stop(Oops("opened").into());
            }

            #[call]
            async fn open_slowly(&mut self, _secret: String) {
                tokio::time::sleep(ms(1)).await;
                panic!("opened")
            }

            #[cast]
            fn fill(&mut self, _secret: String) -> Result<(), Oops> {
                Err(Oops("full"))
            }

            #[format_status]
            fn shown(&self, status: &mut FormatStatus) {
                assert_eq!(self.hook, Hook::Hides, "{SECRET}");
                let name = status.message.take().unwrap_or_default();
                let name = name.split('(').next().unwrap_or_default().to_owned();
                status.message = Some(name);
                status.state = Some("a vault".to_owned());
            }
        }
    )*};
}

vaults! {
    Placed: auto;
    Queued: never;
}

macro_rules! gs_64 {
    ($vault:ident) => {
        for (hook, state, message) in [
            (Hook::Hides, "a vault", None),
            (
                Hook::Panics,
                "<format_status panicked>",
                Some("<format_status panicked>"),
            ),
        ] {
            for way in ["call open", "call open_slowly", "cast fill"] {
                let reports = Reports::capture();
                let vault = $vault::start(hook, SECRET).await.unwrap();
                let status = sys::get_status(&vault).await.unwrap();
                assert_eq!(status.state.as_deref(), Some(state));
                assert!(!format!("{status} {status:?}").contains(SECRET));
                let down = vault.monitor();
                match way {
                    "call open" => drop(vault.open(SECRET).await),
                    "call open_slowly" => drop(vault.open_slowly(SECRET).await),
                    _ => vault.fill(SECRET).await.unwrap(),
                }
                assert_ne!(down.await.reason, ExitReason::Normal);
                let report = only(&reports);
                assert_eq!(report.field("state"), state, "{way}");
                assert_eq!(report.field("last_message"), message.unwrap_or(way));
                assert!(report.fields.values().all(|field| !field.contains(SECRET)));
            }
        }
    };
}

#[tokio::test(start_paused = true)]
async fn gs_64_a_hook_keeps_secrets_out_of_status_and_reports() {
    gs_64!(Placed);
}

#[tokio::test(start_paused = true)]
async fn gs_64_a_hook_keeps_secrets_out_of_status_and_reports_of_what_is_queued() {
    gs_64!(Queued);
}

/// One that is written by hand.
struct ByHand;

impl GenServer for ByHand {
    type Args = ();
    type Call = NoMessage;
    type Cast = ();
    type Info = NoMessage;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = ServerOptions::new();

    async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        Ok(Self)
    }

    async fn handle_cast(&mut self, (): (), _cx: &mut Context<Self>) -> Result<(), ExitReason> {
        Err(Oops("no").into())
    }

    fn format_status(&self, status: &mut FormatStatus) {
        assert_eq!(status.state, None, "it has no Debug");
        // Long, and more than one line.
        status.state = Some("by\nhand ".repeat(1_000));
    }
}

#[tokio::test(start_paused = true)]
async fn gs_64_what_a_hook_says_is_one_record() {
    let reports = Reports::capture();
    let server = suptree::start::<ByHand>(()).await.unwrap();
    let status = sys::get_status(&server).await.unwrap();
    let shown = status.state.unwrap();
    assert!(shown.starts_with("by\\nhand by\\nhand"), "{shown}");
    assert!(shown.len() <= 1_030);
    server.cast(()).await.unwrap();
    server.monitor().await;
    assert_eq!(only(&reports).field("state"), shown);
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Written {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn f14_ten_thousand_crash_reports_leak_no_secret() {
    const CRASHES: usize = 10_000;
    // What other tests listen to is settled by it.
    drop(Reports::capture());
    let written = Written::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(written.clone())
        .with_max_level(tracing::Level::ERROR)
        .finish();
    let listens = tracing::subscriber::set_default(subscriber);
    let secret = format!("{SECRET}\n").repeat(1_000);
    for nth in 0..CRASHES {
        let hook = if nth % 2 == 0 {
            Hook::Hides
        } else {
            Hook::Panics
        };
        // Every panic says so on the standard error: a few are enough.
        let hook = if nth < CRASHES - 50 {
            Hook::Hides
        } else {
            hook
        };
        if nth % 3 == 0 {
            let vault = Placed::start(hook, secret.clone()).await.unwrap();
            let _stopped = vault.open(secret.clone()).await;
        } else {
            let vault = Queued::start(hook, secret.clone()).await.unwrap();
            vault.fill(secret.clone()).await.unwrap();
            vault.monitor().await;
        }
    }
    drop(listens);
    let written = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert_eq!(written.lines().count(), CRASHES, "one record each");
    assert!(!written.contains(SECRET));
    assert!(written.lines().all(|record| record.len() <= 4_096));
}

/// Everything that a report can say is as long as can be.
#[tokio::test(start_paused = true)]
async fn f14_the_longest_report_is_one_record_of_four_kibibytes() {
    struct Long<T>(String, std::marker::PhantomData<fn() -> T>);

    impl<T> std::fmt::Debug for Long<T> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(&self.0)
        }
    }

    #[genserver(last_message, name = name)]
    impl<T: 'static> Long<T> {
        #[init]
        fn init(name: String) -> Self {
            Self(name, std::marker::PhantomData)
        }

        #[cast]
        fn end(&mut self, text: String) -> Result<(), String> {
            Err(text)
        }
    }

    drop(Reports::capture());
    let written = Written::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(written.clone())
        .finish();
    let _listens = tracing::subscriber::set_default(subscriber);
    let long = "line \u{1F980}\n".repeat(2_000);
    type Wide = [(
        String,
        Vec<Option<Result<String, std::collections::BTreeMap<String, u8>>>>,
    ); 3];
    let server = Long::<(Wide, Wide, Wide, Wide)>::start(long.clone())
        .await
        .unwrap();
    server.end(long).await.unwrap();
    server.monitor().await;
    let written = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert_eq!(written.lines().count(), 1);
    assert!(written.len() <= 4_096, "{}", written.len());
}
