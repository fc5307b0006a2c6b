//! The article's football matches: processes that are started on demand, crash, come back, and end themselves.
//!
//! Run with `cargo run --example football`. It checks what it prints, and ends by itself.

#[path = "support/crash_report.rs"]
mod crash_report;
#[path = "support/transcript.rs"]
mod transcript;

use suptree::prelude::*;
use transcript::Transcript;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Score {
    home: u32,
    away: u32,
}
#[derive(Debug)]
struct FootballMatchTracker(Score);
#[genserver(name = match_id, restart = transient, last_message)]
impl FootballMatchTracker {
    #[init]
    fn init(match_id: String) -> Self {
        Self(Score::default())
    }
    #[call]
    fn get_score(&self) -> Score {
        self.0
    }
    #[cast]
    async fn new_event(&mut self, event: String) {
        match event.as_str() {
            "home_goal" => self.0.home += 1,
            "away_goal" => self.0.away += 1,
            // The child asks its supervisor from inside its own handler, which ends right here.
            "end" => {
                let supervisor = FootballMatchSupervisor::named();
                let _ = supervisor.terminate_child(self_pid()).await;
            }
            other => panic!("no case clause matching: {other:?}"),
        }
    }
}
supervisor! {
    FootballMatchSupervisor(name = "football_match_supervisor") { dynamic: FootballMatchTracker }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let reports = crash_report::print();
    let mut iex = Transcript::new();
    let supervisor = FootballMatchSupervisor::start_link().await?;
    iex.input("FootballMatchSupervisor::start_link()");
    iex.output("Ok(FootballMatchSupervisor)");
    iex.input(r#"FootballMatchSupervisor::named().start_child("match_123")"#);
    FootballMatchSupervisor::named()
        .start_child("match_123")
        .await?;
    iex.output("Ok(FootballMatchTracker)");

    let game = FootballMatchTracker::named("match_123");
    iex.input("game.get_score()");
    iex.output(format!("{:?}", game.get_score().await?));
    iex.input(r#"game.new_event("home_goal")"#);
    game.new_event("home_goal").await?;
    iex.output(":ok");
    iex.input("game.get_score()");
    iex.output(format!("{:?}", game.get_score().await?));

    let before = suptree::whereis("match_123");
    let crash = game.monitor();
    iex.input(r#"game.new_event("goal")"#);
    game.new_event("goal").await?;
    iex.output(":ok");
    let reason = crash.await.reason;
    iex.output(reports.take());
    // The supervisor answers after it has restarted what crashed.
    supervisor.count_children().await?;
    let after = suptree::whereis("match_123");
    assert!(
        after.is_some() && after != before,
        "restarted, under the same name"
    );
    iex.input("game.get_score()");
    iex.output(format!("{:?}", game.get_score().await?));

    let end = game.monitor();
    iex.input(r#"game.new_event("end")"#);
    game.new_event("end").await?;
    iex.output(":ok");
    assert_eq!(end.await.reason, ExitReason::Shutdown);
    iex.input(r#"whereis("match_123")"#);
    iex.output(format!("{:?}", suptree::whereis("match_123")));
    assert_eq!(
        supervisor.count_children().await?.specs,
        0,
        "ended, and not restarted"
    );

    let Some(location) = (match &reason {
        ExitReason::Panic(panic) => panic.location(),
        _ => None,
    }) else {
        panic!("the tracker ended with {reason}");
    };
    iex.check(&[
        "1> FootballMatchSupervisor::start_link()",
        "Ok(FootballMatchSupervisor)",
        r#"2> FootballMatchSupervisor::named().start_child("match_123")"#,
        "Ok(FootballMatchTracker)",
        "3> game.get_score()",
        "Score { home: 0, away: 0 }",
        r#"4> game.new_event("home_goal")"#,
        ":ok",
        "5> game.get_score()",
        "Score { home: 1, away: 0 }",
        r#"6> game.new_event("goal")"#,
        ":ok",
        "[error] GenServer match_123 terminating",
        &format!(r#"** (EXIT) it panicked: no case clause matching: "goal", at {location}"#),
        r#"Last message: cast new_event("goal")"#,
        "State: FootballMatchTracker(Score { home: 1, away: 0 })",
        "7> game.get_score()",
        "Score { home: 0, away: 0 }",
        r#"8> game.new_event("end")"#,
        ":ok",
        r#"9> whereis("match_123")"#,
        "None",
    ]);
    supervisor.stop().await?;
    Ok(())
}
