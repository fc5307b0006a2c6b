//! `#[init]`, `#[terminate]`, `#[exit]`, the options, and reports with the last message.

use std::time::Duration;

use suptree::prelude::*;
use suptree::{Restart, Shutdown, Start};

use crate::support::{Log, Oops, Reports, ms, settle};

struct Journal {
    log: Log,
    lines: usize,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a journal of {} lines", self.lines)
    }
}

#[genserver(trap_exit, shutdown = 250ms, restart = transient, mailbox = 2, last_message)]
impl Journal {
    #[init]
    async fn open(log: Log, lines: usize, cx: &mut Context<Self>) -> Result<Self, Oops> {
        tokio::time::sleep(ms(lines as u64)).await;
        assert_eq!(cx.pid(), self_pid());
        if lines > 100 {
            return Err(Oops("too long"));
        }
        log.push("open");
        Ok(Self { log, lines })
    }

    #[call]
    fn lines(&self) -> usize {
        self.lines
    }

    #[cast]
    fn write(&mut self, line: String, _secret: NoDebug) -> Result<(), Oops> {
        self.lines += 1;
        if line == "blot" {
            Err(Oops("blot"))
        } else {
            Ok(())
        }
    }

    #[cast]
    async fn rest(&mut self, by: Duration) {
        tokio::time::sleep(by).await;
    }

    #[call]
    fn follow(&self, other: Pid) {
        suptree::link(other);
    }

    #[exit]
    async fn left(
        &mut self,
        from: Pid,
        reason: ExitReason,
        cx: &mut Context<Self>,
    ) -> Result<(), Oops> {
        assert_ne!(from, cx.pid());
        self.log.push(format!("left: {reason}"));
        if reason == ExitReason::Killed {
            Err(Oops("a friend was killed"))
        } else {
            Ok(())
        }
    }

    #[terminate]
    async fn close(&mut self, cx: &mut Context<Self>, why: &ExitReason) {
        tokio::time::sleep(ms(1)).await;
        assert_eq!(cx.pid(), self_pid());
        self.log.push(format!("close: {why}"));
    }
}

struct NoDebug;

#[tokio::test(start_paused = true)]
async fn init_may_be_async_and_fail() {
    let log = Log::new();
    let journal = Journal::start(log.clone(), 3).await.unwrap();
    assert_eq!(journal.lines().await, Ok(3));
    let error = Journal::start(log.clone(), 101).await.unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Oops("too long")));
    assert_eq!(log.take(), ["open"]);
}

#[tokio::test(start_paused = true)]
async fn a_start_is_a_builder() {
    let start: Start<JournalClient> = Journal::start_link(Log::new(), 50);
    assert!(matches!(
        start.timeout(ms(10)).await,
        Err(StartError::Timeout(_))
    ));
}

#[tokio::test(start_paused = true)]
async fn terminate_is_told_the_reason() {
    let log = Log::new();
    let journal = Journal::start(log.clone(), 0).await.unwrap();
    journal.stop().await.unwrap();
    let journal = Journal::start(log.clone(), 0).await.unwrap();
    let death = journal.monitor();
    journal.write("blot", NoDebug).await.unwrap();
    assert_eq!(death.await.reason, Oops("blot").into());
    assert_eq!(
        log.take(),
        [
            "open",
            "close: normal",
            "open",
            &format!("close: {}", crate::support::oops("blot"))
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn exits_of_linked_processes_arrive() {
    let log = Log::new();
    let journal = Journal::start(log.clone(), 0).await.unwrap();
    let (friend, enemy) = (
        Brutal::start().await.unwrap(),
        Brutal::start().await.unwrap(),
    );
    journal.follow(friend.pid().unwrap()).await.unwrap();
    journal.follow(enemy.pid().unwrap()).await.unwrap();
    friend.stop().await.unwrap();
    settle().await;
    assert_eq!(log.take(), ["open", "left: normal"]);
    let death = journal.monitor();
    enemy.kill();
    assert_eq!(death.await.reason, Oops("a friend was killed").into());
}

#[derive(Debug, Default)]
struct Plain(u8);

#[genserver]
impl Plain {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }

    // What the server reference can do by these names is still there: see below.
    #[call]
    fn stop(&self) -> &'static str {
        "stop"
    }

    #[call]
    fn kill(&self) -> &'static str {
        "kill"
    }

    #[cast]
    fn pid(&mut self, pid: u8) {
        self.0 = pid;
    }

    #[terminate]
    fn end(&mut self) {}
}

impl PlainClient {
    /// A client may be given methods of one's own.
    async fn get_twice(&self) -> Result<u8, CallError> {
        Ok(self.get().await? + self.get().await?)
    }
}

#[tokio::test]
async fn handlers_named_as_what_the_reference_can_do() {
    let plain = Plain::start().await.unwrap();
    assert_eq!(plain.stop().await, Ok("stop"));
    assert_eq!(plain.kill().await, Ok("kill"));
    plain.pid(4).await.unwrap();
    assert_eq!(plain.get_twice().await, Ok(8));
    let server: &ServerRef<Plain> = &plain;
    assert!(server.pid().is_some() && plain.is_alive());
    server.stop().await.unwrap();
    assert!(!plain.is_alive());
}

#[test]
fn options_become_those_of_the_child() {
    let spec = Journal::child_spec(Log::new(), 1);
    assert_eq!(spec.restart_type(), Restart::Transient);
    assert_eq!(spec.shutdown_type(), Shutdown::Timeout(ms(250)));
    assert_eq!(spec.id(), &"journal".into());
    let spec = Plain::child_spec();
    assert_eq!(
        (spec.restart_type(), spec.shutdown_type()),
        (Restart::Permanent, Shutdown::Timeout(ms(5000)))
    );
}

#[derive(Default)]
struct Patient;

#[genserver(shutdown = infinity, restart = temporary)]
impl Patient {}

#[derive(Default)]
struct Brutal;

const SHORT: Duration = ms(7);

#[genserver(shutdown = brutal_kill)]
impl Brutal {}

#[derive(Default)]
struct Computed;

#[genserver(shutdown = SHORT.saturating_mul(2), trap_exit = false, inline = always, inline_casts = true, mailbox = 8 * 8)]
impl Computed {
    fn name(&self) -> &'static str {
        "not a handler"
    }
}

#[test]
fn shutdown_takes_words_units_and_durations() {
    assert_eq!(Patient::child_spec().shutdown_type(), Shutdown::Infinity);
    assert_eq!(Patient::child_spec().restart_type(), Restart::Temporary);
    assert_eq!(Brutal::child_spec().shutdown_type(), Shutdown::BrutalKill);
    assert_eq!(
        Computed::child_spec().shutdown_type(),
        Shutdown::Timeout(ms(14))
    );
    assert_eq!(Computed.name(), "not a handler");
}

#[tokio::test(start_paused = true)]
async fn the_mailbox_has_the_size_that_was_given() {
    let journal = Journal::start(Log::new(), 0).await.unwrap();
    journal.rest(ms(100)).await.unwrap();
    settle().await;
    journal.write("one", NoDebug).try_send().unwrap();
    journal.write("two", NoDebug).try_send().unwrap();
    assert_eq!(
        journal.write("three", NoDebug).try_send(),
        Err(TrySendError::Full)
    );
    assert_eq!(
        journal.write("three", NoDebug).timeout(ms(10)).await,
        Err(CastError::Timeout(ms(10)))
    );
    journal.write("three", NoDebug).await.unwrap();
    assert_eq!(journal.lines().await, Ok(3));
}

#[tokio::test]
async fn a_report_shows_the_last_message_and_the_state() {
    let reports = Reports::capture();
    let journal = Journal::start(Log::new(), 0).await.unwrap();
    let death = journal.monitor();
    journal.write("blot", NoDebug).await.unwrap();
    let _ = death.await;
    settle().await;
    let report = reports
        .all()
        .into_iter()
        .find(|report| report.fields.contains_key("last_message"))
        .unwrap();
    // What has no `Debug` is not shown.
    assert_eq!(report.field("last_message"), r#"cast write("blot", _)"#);
    assert!(
        report.field("state").contains("a journal of 1 lines"),
        "{}",
        report.field("state")
    );
}

/// Waits in its `init` for longer than anybody does.
struct Sleeper;

#[genserver(name = "sleeper")]
impl Sleeper {
    #[init]
    async fn init() -> Self {
        std::future::pending().await
    }
}

supervisor! { Beds(name = "beds") { strategy: one_for_one, children: [Sleeper] } }

/// A start is a future, whatever is started: it has a timeout, and ends what it began when it is dropped.
#[tokio::test(start_paused = true)]
async fn any_start_has_a_timeout() {
    let error = Sleeper::start().timeout(ms(20)).await.unwrap_err();
    assert_eq!(error, StartError::Timeout(ms(20)));
    assert_eq!(suptree::whereis("sleeper"), None);

    let error = Beds::start_link().timeout(ms(30)).await.unwrap_err();
    assert_eq!(error, StartError::Timeout(ms(30)));
    // By then it is gone, its child with it, and both names are free.
    assert_eq!(suptree::whereis("beds"), None);
    assert_eq!(suptree::whereis("sleeper"), None);

    let starting = tokio::spawn(Beds::start_link());
    tokio::task::yield_now().await;
    assert!(suptree::whereis("beds").is_some());
    starting.abort();
    assert!(starting.await.unwrap_err().is_cancelled());
    tokio::time::sleep(ms(1)).await;
    assert_eq!(suptree::whereis("beds"), None);
}
