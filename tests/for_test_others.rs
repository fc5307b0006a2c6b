//! Handlers that are tested alone, and what they have to do with other processes.

use std::time::Duration;

use suptree::Recorded::{Link, Monitor, MonitorName};
use suptree::prelude::*;
use suptree::{
    Down, Name, ProcessRef, Registry, Task, TestContext, self_pid, try_self_pid, whereis,
};

#[derive(Default)]
struct Peer;

#[genserver(name = "peer of a test")]
impl Peer {
    #[call]
    fn who(&self) -> Pid {
        self_pid()
    }
}

#[derive(Default)]
struct Tested {
    heard: Vec<(Pid, ExitReason)>,
    task: Option<Task<u32>>,
}

#[genserver]
impl Tested {
    #[cast]
    fn follow(&mut self, other: ProcessRef) {
        other.link();
    }

    #[cast]
    fn part_from(&mut self, other: Pid) {
        suptree::unlink(other);
    }

    #[cast]
    fn watch(&mut self, other: ProcessRef, cx: &mut Context<Self>) {
        cx.monitor(&other);
        cx.monitor("nobody has this");
    }

    #[cast]
    fn look_away(&mut self, other: ProcessRef, cx: &mut Context<Self>) {
        let monitor = cx.monitor(&other);
        assert!(cx.demonitor(monitor));
    }

    #[down]
    fn down(&mut self, down: Down) {
        self.heard.push((down.pid, down.reason));
    }

    #[exit]
    fn exit(&mut self, from: Pid, reason: ExitReason) {
        self.heard.push((from, reason));
    }

    #[call]
    async fn ask_by_name(&mut self) -> Result<Pid, CallError> {
        Peer::named().who().await
    }

    #[call]
    async fn start_a_peer(&mut self) -> Result<Pid, CallError> {
        let peer = Peer::start_link().await.unwrap();
        // Through the queue, which only the peer's own task works off.
        let asked = peer.clone();
        let asking = tokio::spawn(async move { asked.who().await });
        asking.await.unwrap()
    }

    #[call]
    async fn spawn(&mut self) -> Option<u32> {
        self.task = Some(Task::spawn(async { 5 }));
        self.task.take()?.await.ok()
    }

    #[call(task)]
    fn beside(&mut self) -> impl Future<Output = u32> + Send + 'static {
        std::future::ready(6)
    }

    #[call(blocking)]
    fn block(&mut self) -> Pid {
        self_pid()
    }

    #[call]
    fn drop_it(&mut self, reply: ReplyTo<u32>) {
        drop(reply);
    }
}

fn tested() -> (TestContext<Tested>, Tested) {
    (Context::for_test(), Tested::default())
}

async fn peer() -> (PeerClient, Pid) {
    let peer = Peer::start().await.unwrap();
    let pid = peer.pid().unwrap();
    (peer, pid)
}

/// What a call is answered that waits until the server is run.
async fn answered<T: Send + 'static>(
    cx: &mut TestContext<Tested>,
    server: &mut Tested,
    call: impl Future<Output = Result<T, CallError>> + Send + 'static,
) -> T {
    let mut call = tokio::spawn(call);
    loop {
        tokio::select! {
            biased;
            answer = &mut call => return answer.unwrap().unwrap(),
            ran = cx.run(server) => ran.unwrap(),
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn r380_links_and_monitors_are_recorded() {
    let (mut cx, mut server) = tested();
    let (peer, pid) = peer().await;
    cx.as_server(|cx| {
        assert_eq!(self_pid(), cx.pid());
        server.follow(peer.process());
        server.follow(peer.process());
        server.watch(peer.process(), cx);
    });
    assert_eq!(try_self_pid(), None);
    let nobody = MonitorName(Name::from("nobody has this"));
    let asked = [Link(pid), Monitor(pid), nobody.clone()];
    assert_eq!(cx.recorded(), asked);
    assert_eq!(cx.recorded(), []);

    // By a name it is recorded as what was meant.
    server.watch(Tested::named_peer(), &mut cx);
    let by_name = MonitorName(Name::from("peer of a test"));
    assert_eq!(cx.recorded(), [by_name, nobody]);

    // What was recorded before and is asked for again is new.
    let client = cx.client();
    client.follow(peer.process()).await.unwrap();
    client.watch(peer.process()).await.unwrap();
    cx.run(&mut server).await.unwrap();
    // That nobody has the name was handled.
    assert_eq!(cx.recorded(), [Link(pid), Monitor(pid)]);
}

impl Tested {
    fn named_peer() -> ProcessRef {
        Peer::named().process()
    }
}

#[tokio::test]
async fn r380_links_are_recorded_in_order_and_what_is_given_up_is_not() {
    let (mut cx, mut server) = tested();
    let mut peers = Vec::new();
    for _ in 0..5 {
        let peer = Tested::start().await.unwrap();
        peers.push((peer.process(), peer.pid().unwrap()));
    }
    cx.as_server(|cx| {
        for at in [3, 0, 4, 3, 1, 2] {
            server.follow(peers[at].0.clone());
        }
        server.part_from(peers[0].1);
        server.part_from(peers[4].1);
        server.follow(peers[4].0.clone());
        server.look_away(peers[0].0.clone(), cx);
        suptree::link(cx.pid());
    });
    let pids = [3, 1, 2, 4].map(|at| Link(peers[at].1));
    assert_eq!(cx.recorded(), pids);
    cx.as_server(|_| server.part_from(peers[3].1));
    assert_eq!(cx.recorded(), []);
    peers[3].0.kill();
    peers[3].0.monitor().await;
    assert_eq!(cx.run(&mut server).await, Ok(()), "they have parted");
}

#[test]
fn r380_without_a_runtime_nobody_is_linked_with() {
    let (mut cx, mut server) = tested();
    let gone = Context::<Tested>::for_test().pid();
    cx.as_server(|_| suptree::link(gone));
    assert_eq!(cx.recorded(), [Link(gone)]);
    server.watch(Peer::named().process(), &mut cx);
    let names = ["peer of a test", "nobody has this"].map(|name| MonitorName(Name::from(name)));
    assert_eq!(cx.recorded(), names);
}

#[tokio::test]
async fn r381_exits_and_ends_of_others_are_heard_of() {
    let (mut cx, mut server) = tested();
    let (one, pid) = peer().await;
    cx.as_server(|cx| {
        server.follow(one.process());
        server.watch(one.process(), cx);
    });
    one.kill();
    one.monitor().await;
    // As in every server the signal comes first; what waits still waits.
    assert_eq!(cx.run(&mut server).await, Err(ExitReason::Killed));
    cx.run(&mut server).await.unwrap();
    let reasons: Vec<_> = server.heard.drain(..).map(|(_, reason)| reason).collect();
    assert_eq!(reasons, [ExitReason::NoProc, ExitReason::Killed]);

    cx.trap_exit(true);
    cx.as_server(|_| suptree::link(pid));
    cx.run(&mut server).await.unwrap();
    assert_eq!(server.heard, [(pid, ExitReason::NoProc)]);
    suptree::exit(cx.pid(), ExitReason::Kill);
    assert_eq!(cx.run(&mut server).await, Err(ExitReason::Killed));
}

#[tokio::test]
async fn r381_a_stop_ends_the_run_behind_what_was_sent_before() {
    let (mut cx, mut server) = tested();
    let client = cx.client();
    let stopping = tokio::spawn(client.stop_with(ExitReason::Shutdown));
    tokio::task::yield_now().await;
    assert_eq!(cx.run(&mut server).await, Err(ExitReason::Shutdown));
    drop(cx);
    assert!(stopping.await.unwrap().is_err(), "it was dropped instead");
    assert!(!client.is_alive());
}

#[tokio::test(start_paused = true)]
async fn r381_what_a_handler_does_with_others_it_does_where_its_test_runs() {
    let (mut cx, mut server) = tested();
    let client = cx.client();
    let calls = client.clone();
    let asked = async move { calls.start_a_peer().await };
    let started = answered(&mut cx, &mut server, asked).await.unwrap();
    assert_eq!(whereis("peer of a test"), Some(started));
    let calls = client.clone();
    let asked = async move { calls.ask_by_name().await };
    assert_eq!(answered(&mut cx, &mut server, asked).await, Ok(started));

    let calls = client.clone();
    let spawned = async move { calls.spawn().await };
    assert_eq!(answered(&mut cx, &mut server, spawned).await, Some(5));
    let calls = client.clone();
    let beside = async move { calls.beside().await };
    assert_eq!(answered(&mut cx, &mut server, beside).await, 6);
    let calls = client.clone();
    let blocked = async move { calls.block().await };
    assert_eq!(answered(&mut cx, &mut server, blocked).await, cx.pid());
}

#[tokio::test]
async fn r381_code_that_runs_as_the_server_may_panic() {
    let (mut cx, mut server) = tested();
    let (reply, received) = ReplyTo::for_test();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        cx.as_server(|_| {
            server.drop_it(reply);
            panic!("on purpose");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(try_self_pid(), None);
    let told = tokio::time::timeout(Duration::from_secs(5), received).await;
    assert_eq!(told, Ok(Err(CallError::NoReply)));

    // What is registered as the server is gone with it.
    let registry = Registry::unique();
    cx.as_server(|_| registry.register("key", ())).unwrap();
    assert_eq!(registry.lookup("key").unwrap().pid(), cx.pid());
    drop(cx);
    assert!(registry.lookup("key").is_none());
}
