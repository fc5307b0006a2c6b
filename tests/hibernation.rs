//! Hibernation: a server that has nothing to do gives back what memory it can.

use suptree::prelude::*;
use suptree::process_info;
use tokio::time::sleep;

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
