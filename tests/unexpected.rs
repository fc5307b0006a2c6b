//! Reports of what nobody expected: messages without a handler, states that cannot be shown.

use std::fmt;

use suptree::__private::Message;
use suptree::{Context, ExitReason, GenServer, ReplyTo, ServerOptions, ServerRef};

use crate::support::{
    Log, Plain, Reports, Script, Sup, child, does, failing, get, oops, place, settle,
};

/// A server whose messages have no handlers.
struct Deaf;

impl GenServer for Deaf {
    type Args = ();
    type Call = ReplyTo<u8>;
    type Cast = ();
    type Info = &'static str;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = ServerOptions::new().trap_exit(true);

    async fn init((): (), _: &mut Context<Self>) -> Result<Self, ExitReason> {
        Ok(Self)
    }

    async fn handle_call(
        &mut self,
        call: ReplyTo<u8>,
        _: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        call.send(1);
        Ok(())
    }

    fn message_name(message: &Message<Self>) -> &'static str {
        match message {
            Message::Call(_) => "call",
            Message::Cast(()) => "cast",
            Message::Info(info) | Message::Continue(info) => info,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn gs_49_a_message_without_a_handler_is_reported_and_dropped() {
    let reports = Reports::capture();
    let server = suptree::start::<Deaf>(()).await.unwrap();
    server.send("hello").await.unwrap();
    server.exit(oops("stranger"));
    settle().await;
    assert_eq!(server.call_with(|reply| reply).await, Ok(1));
    let label = server.pid().unwrap().to_string();
    assert_eq!(
        reports.errors(),
        [format!("unexpected {label}"), format!("unexpected {label}")]
    );
    assert!(
        reports.all()[0].field("received").contains("hello"),
        "{:?}",
        reports.all()[0]
    );
    assert!(
        reports.all()[1].field("received").contains("stranger"),
        "{:?}",
        reports.all()[1]
    );
}

/// For hand-written servers: a missing handler of a cast is a crash that says so.
#[tokio::test(start_paused = true)]
async fn gs_76_a_cast_without_a_handler_is_a_crash() {
    let server = suptree::start::<Deaf>(()).await.unwrap();
    let down = server.monitor();
    server.cast(()).await.unwrap();
    let reason = down.await.reason.to_string();
    assert!(reason.contains("there is no handle_cast"), "{reason}");
}

/// A state whose `Debug` panics, fails, or has no end.
#[tokio::test(start_paused = true)]
async fn r15_r16_r17_a_state_that_cannot_be_shown() {
    struct Panics;
    impl fmt::Debug for Panics {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("before")?;
            panic!("not shown")
        }
    }
    struct Fails;
    impl fmt::Debug for Fails {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }
    type State = (Box<dyn fmt::Debug + Send + Sync>, fn(&str) -> bool);
    let states: [State; 4] = [
        (Box::new(Panics), |shown| shown.contains("<Debug panicked>")),
        (Box::new(Fails), str::is_empty),
        (Box::new(vec![7_u8; 1 << 20]), |shown| {
            shown.len() < 2_000 && shown.starts_with("[7, 7, ")
        }),
        (Box::new("two\nlines\x1b[31m"), |shown| {
            !shown.contains(['\n', '\x1b'])
        }),
    ];
    for (debug, right) in states {
        let reports = Reports::capture();
        let (handle, script) = (
            place::<Plain>(),
            Script::new("a", &Log::new()).named("shown"),
        );
        let server = handle.clone();
        let sup = Sup::start(move |spec| spec.child(child(&handle, &script)))
            .await
            .unwrap();
        server
            .call(does(move |probe, _| probe.debug = Some(debug)))
            .await
            .unwrap();
        let down = server.monitor();
        server.cast(failing(oops("boom"))).await.unwrap();
        assert_eq!(down.await.reason, oops("boom"));
        settle().await;
        assert_eq!(server.call(get()).await, Ok(0), "restarted");
        let shown = reports.only("crash shown").field("state").to_owned();
        assert!(right(&shown), "{shown}");
        sup.stop().await.unwrap();
    }
}
