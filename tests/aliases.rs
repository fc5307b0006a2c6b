//! What stands where OTP has aliases: a reply that is given once, and a key that can be given up. D56.

use suptree::{CallError, CastError, Registry};

use crate::support::{
    Act, Cx, Kind, Log, Probe, Server, act, add, does, get, kept, ms, on_every_path, start,
};

on_every_path! {
    prc_18_d56_a_reply_reaches_its_call_once_and_no_other
    prc_18_d56_a_key_that_was_given_up_takes_nothing_more
}

/// Answers whoever is kept: how many had given up.
async fn answer_kept<K: Kind>(server: &Server<K>) -> usize {
    let answers = does(|probe: &mut Probe<K>, _: &mut Cx<K>| {
        let kept = probe.kept.drain(..);
        kept.filter_map(|reply| {
            let gave_up = reply.is_closed();
            reply.send(7);
            gave_up.then_some(())
        })
        .count()
    });
    server.call(answers).await.unwrap()
}

async fn prc_18_d56_a_reply_reaches_its_call_once_and_no_other<K: Kind>() {
    let server = start::<K>("a", &Log::new()).await;
    for _ in 0..3 {
        // Two have given up, by time and by being dropped; one waits. What is late reaches none of them, and no later call.
        let late = kept(&server).timeout(ms(10)).await;
        assert_eq!(late, Err(CallError::Timeout(ms(10))));
        let dropped = tokio::time::timeout(ms(10), kept(&server)).await;
        assert!(dropped.is_err());
        let waits = kept(&server);
        let (answered, gave_up) = tokio::join!(waits, async {
            tokio::time::sleep(ms(1)).await;
            answer_kept(&server).await
        });
        assert_eq!((answered, gave_up), (Ok(7), 2));
        assert_eq!(server.call(get()).await, Ok(0));
    }
}

async fn prc_18_d56_a_key_that_was_given_up_takes_nothing_more<K: Kind>() {
    let log = Log::new();
    let aliases = Registry::<&'static str>::unique();
    let server = start::<K>("a", &log).await;
    let takes = {
        let aliases = aliases.clone();
        does(move |_: &mut Probe<K>, _: &mut Cx<K>| aliases.register("alias", ()).is_ok())
    };
    assert_eq!(server.call(takes).await, Ok(true));
    let alias = <Probe<K> as suptree::GenServer>::via(&aliases, "alias");
    assert_eq!(alias.call(add(1)).await, Ok(1));
    let logs = || -> Act<K> { act(|probe: &mut Probe<K>, _| probe.log("by alias")) };
    alias.cast(logs()).await.unwrap();
    log.until("by alias", 1).await;
    let gives_up = {
        let aliases = aliases.clone();
        does(move |_: &mut Probe<K>, _: &mut Cx<K>| aliases.unregister("alias").is_some())
    };
    assert_eq!(server.call(gives_up).await, Ok(true));
    assert_eq!(alias.cast(logs()).await, Err(CastError::NoProc));
    assert_eq!(alias.call(add(1)).await, Err(CallError::NoProc));
    assert_eq!(server.call(get()).await, Ok(1), "itself it is there");
    assert_eq!(log.count("by alias"), 1);
}
