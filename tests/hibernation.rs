//! Hibernation: a server that has nothing to do gives back what memory it can.

use std::pin::pin;
use std::task::{Context as TaskContext, Poll, Waker};

use suptree::prelude::*;
use suptree::process_info;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;

use crate::support::{
    Act, Cx, Kind, Log, Probe, Script, act, does, does_async, gated, get, ms, on_every_path, oops,
    settle, start,
};

on_every_path! {
    gs_75_hibernation_is_not_seen_from_outside
    gs_75_a_server_with_something_to_do_does_not_hibernate
    gs_75_a_hook_may_stop_the_server_or_fail
}

fn hibernates<K: Kind>() -> Act<K> {
    act(|_: &mut Probe<K>, cx: &mut Cx<K>| cx.hibernate())
}

async fn gs_75_hibernation_is_not_seen_from_outside<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let asks = does(|_: &mut Probe<K>, cx: &mut Cx<K>| {
        cx.hibernate();
        cx.timeout(ms(50));
        7
    });
    assert_eq!(server.call(asks).await, Ok(7));
    log.until("a hibernates", 1).await;
    assert_eq!(process_info(server.pid().unwrap()).unwrap().mailbox_len, 0);
    // Nothing has come by that.
    sleep(ms(49)).await;
    assert_eq!(log.count("a timeout"), 0);
    sleep(ms(2)).await;
    assert_eq!(log.count("a timeout"), 1);
    assert_eq!(server.call(get()).await, Ok(0));
    // Handlers that wait, before it and after.
    for times in 2..10 {
        let waits = does_async(|_: &mut Probe<K>, cx: &mut Cx<K>| {
            Box::pin(async move {
                sleep(ms(1)).await;
                cx.hibernate();
            })
        });
        server.call(waits).await.unwrap();
        log.until("a hibernates", times).await;
        server.cast(act(|_, _| {})).await.unwrap();
        assert_eq!(server.call(get()).await, Ok(0));
    }
    server.stop().await.unwrap();
    // In `init`, and from a continue.
    let script = Script::<K>::new("b", &log).on_init(|_, cx| {
        cx.hibernate();
        Box::pin(async { Ok(()) })
    });
    let other = suptree::start::<Probe<K>>(script).await.unwrap();
    log.until("b hibernates", 1).await;
    let continues = act(|_: &mut Probe<K>, cx: &mut Cx<K>| cx.continue_with(hibernates()));
    other.cast(continues).await.unwrap();
    log.until("b hibernates", 2).await;
    other.kill();
}

async fn gs_75_a_server_with_something_to_do_does_not_hibernate<K: Kind>() {
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let (open, blocks) = gated();
    server.cast(blocks).await.unwrap();
    log.until("started", 1).await;
    server.cast(hibernates()).await.unwrap();
    server
        .cast(act(|probe: &mut Probe<K>, _| probe.log("queued")))
        .await
        .unwrap();
    open.send(()).unwrap();
    log.until("queued", 1).await;
    settle().await;
    assert_eq!(log.count("a hibernates"), 0);
    server.cast(hibernates()).await.unwrap();
    log.until("a hibernates", 1).await;
}

async fn gs_75_a_hook_may_stop_the_server_or_fail<K: Kind>() {
    let asks = |then: fn() -> Act<K>| {
        act(move |probe: &mut Probe<K>, cx: &mut Cx<K>| {
            probe.on_hibernate(then());
            cx.hibernate();
        })
    };
    let log = Log::new();
    let server = start::<K>("a", &log).await;
    let end = server.monitor();
    server
        .cast(asks(|| act(|_, cx| cx.stop(oops("enough")))))
        .await
        .unwrap();
    assert_eq!(end.await.reason, oops("enough"));
    assert_eq!(log.with("a terminate").len(), 1);
    let server = start::<K>("b", &log).await;
    let end = server.monitor();
    server
        .cast(asks(|| act(|_, _| panic!("no"))))
        .await
        .unwrap();
    assert!(matches!(end.await.reason, ExitReason::Panic(_)));
    // What it asks for.
    let server = start::<K>("c", &log).await;
    let more = asks(|| {
        act(|_, cx| {
            cx.hibernate();
            cx.timeout(ms(10));
            cx.continue_with(act(|probe, _| probe.log("c continued")));
        })
    });
    server.cast(more).await.unwrap();
    log.until("c continued", 1).await;
    settle().await;
    assert_eq!(log.count("c hibernates"), 1);
}

/// Has timers, a stream, a monitor, a task and a caller without an answer.
#[derive(Default)]
struct Busy {
    heard: Vec<&'static str>,
    caller: Option<ReplyTo<u8>>,
    wants_itself: bool,
}

#[genserver]
impl Busy {
    #[call]
    fn ask(&mut self, reply: ReplyTo<u8>, cx: &mut Context<Self>) {
        self.caller = Some(reply);
        cx.hibernate();
    }

    #[call(blocking)]
    fn block(&mut self, cx: &mut Context<Self>) -> u8 {
        cx.hibernate();
        7
    }

    #[call(task)]
    fn beside(&mut self, cx: &mut Context<Self>) -> impl Future<Output = u8> + Send + use<> {
        cx.hibernate();
        async {
            sleep(ms(20)).await;
            8
        }
    }

    #[cast]
    fn attach(&mut self, items: mpsc::Receiver<u8>, watched: BusyClient, cx: &mut Context<Self>) {
        cx.attach(ReceiverStream::new(items)).item();
        cx.monitor(&watched);
        cx.client().tick().send_after(ms(20));
        cx.hibernate();
    }

    #[cast]
    fn answer(&mut self) {
        self.caller
            .take()
            .into_iter()
            .for_each(|caller| caller.send(9));
    }

    #[cast]
    fn want_itself(&mut self, cx: &mut Context<Self>) {
        self.wants_itself = true;
        cx.hibernate();
    }

    #[cast]
    fn rest(&mut self, cx: &mut Context<Self>) {
        cx.hibernate();
    }

    #[info]
    fn item(&mut self, _item: u8, cx: &mut Context<Self>) {
        self.heard.push("item");
        cx.hibernate();
    }

    #[info]
    fn tick(&mut self) {
        self.heard.push("tick");
    }

    #[down]
    fn gone(&mut self, _down: Down, cx: &mut Context<Self>) {
        self.heard.push("down");
        cx.hibernate();
    }

    #[hibernate]
    fn shrink(&mut self, cx: &mut Context<Self>) {
        self.heard.push("sleeps");
        if std::mem::take(&mut self.wants_itself) {
            let me = cx.client();
            let asked = pin!(me.heard()).poll(&mut TaskContext::from_waker(Waker::noop()));
            assert!(matches!(asked, Poll::Ready(Err(CallError::CallingSelf))));
            cx.client().tick().try_send().unwrap();
        }
    }

    #[call]
    fn heard(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.heard)
    }
}

#[tokio::test(start_paused = true)]
async fn gs_75_what_a_server_has_is_there_after_it() {
    let server = Busy::start_link().await.unwrap();
    let other = Busy::start().await.unwrap();
    // A caller that waits.
    let (answer, ()) = tokio::join!(server.ask(), async {
        settle().await;
        server.answer().await.unwrap();
    });
    assert_eq!(answer, Ok(9));
    assert_eq!(server.heard().await.unwrap(), ["sleeps"]);
    // A handler in a thread, and one that goes on beside the server.
    assert_eq!(server.block().await, Ok(7));
    let heard = server.heard().await.unwrap();
    assert!(heard.is_empty() || heard == ["sleeps"], "{heard:?}");
    let (answer, heard) = tokio::join!(server.beside(), async {
        sleep(ms(10)).await;
        server.heard().await.unwrap()
    });
    assert_eq!((answer, heard), (Ok(8), vec!["sleeps"]));
    // A stream, a monitor and a timer.
    let (items, stream) = mpsc::channel(4);
    server.attach(stream, other.clone()).await.unwrap();
    settle().await;
    assert_eq!(server.heard().await.unwrap(), ["sleeps"]);
    items.send(1).await.unwrap();
    settle().await;
    assert_eq!(server.heard().await.unwrap(), ["item", "sleeps"]);
    // With an item behind it there is something to do.
    items.send(1).await.unwrap();
    items.send(2).await.unwrap();
    settle().await;
    let heard = server.heard().await.unwrap();
    assert_eq!(heard, ["item", "item", "sleeps"]);
    other.kill();
    sleep(ms(10)).await;
    assert_eq!(server.heard().await.unwrap(), ["down", "sleeps"]);
    sleep(ms(20)).await;
    assert_eq!(server.heard().await.unwrap(), ["tick"]);
    // A hook that asks its own server, and sends to it.
    server.want_itself().await.unwrap();
    settle().await;
    assert_eq!(server.heard().await.unwrap(), ["sleeps", "tick"]);
    // What `sys` asks for is nothing to do, as in OTP.
    let (rested, status) = tokio::join!(server.rest(), suptree::sys::get_status(&server));
    rested.unwrap();
    status.unwrap();
    settle().await;
    assert_eq!(server.heard().await.unwrap(), ["sleeps"]);
    // Suspended: not before it resumes, as it is not told to before.
    suptree::sys::suspend(&server).await.unwrap();
    server.want_itself().await.unwrap();
    settle().await;
    suptree::sys::resume(&server).await.unwrap();
    settle().await;
    assert_eq!(server.heard().await.unwrap(), ["sleeps", "tick"]);
    server.stop().await.unwrap();
}
