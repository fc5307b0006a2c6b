//! Handlers that are tested alone.

use std::time::Duration;

use suptree::prelude::*;
use suptree::{Name, Recorded};

use super::{foreign, spend};
use crate::fault::{Fault, Op, own, visit};
use crate::world::waits;

#[derive(Default)]
struct Alone(Option<ReplyTo<Fault>>);

#[genserver(last_message)]
impl Alone {
    #[call]
    fn ask(&mut self, reply: ReplyTo<Fault>) {
        self.0 = Some(reply);
    }

    #[cast]
    fn take(&mut self, value: Fault, cx: &mut Context<Self>) {
        visit(Op::Run);
        cx.then().go_on(value);
    }

    #[cast]
    async fn take_later(&mut self, value: Fault) {
        waits().await;
        drop(value);
    }

    #[handle_continue]
    fn go_on(&mut self, _value: Fault) {
        visit(Op::Run);
    }

    #[cast]
    fn end(&mut self, value: Fault, cx: &mut Context<Self>) {
        cx.stop(ExitReason::from(value));
    }
}

/// Messages that are recorded, shown, run and left behind; an error to stop with; and replies.
pub(crate) async fn alone() {
    let value = || Fault::new(1);
    let (mut cx, mut server) = (Context::<Alone>::for_test(), Alone::default());
    let client = cx.client();
    for _ in 0..2 {
        drop(client.take(value()).await);
        drop(client.take_later(value()).await);
        let timer = client.take(value()).send_after(Duration::from_secs(1));
        own(async || client.take(value()).send_every(Duration::from_secs(1))).await;
        assert!(cx.recorded().len() >= 4);
        timer.cancel();
        cx.advance(Duration::from_secs(1));
        while cx.run(&mut server).await.is_err() {}
        drop(client.take_later(value()).await);
        foreign(cx.run(&mut server)).await;
        while cx.run(&mut server).await.is_err() {}
    }
    drop(client.take(value()).await);
    drop(client.end(value()).await);
    while cx.run(&mut server).await.is_ok() {
        // A handler has panicked, and did not stop.
        drop(client.end(value()).await);
    }
    drop(cx.recorded());
    let name = own(async || Name::new(value())).await;
    let run = |cx: &mut Context<Alone>| {
        visit(Op::Run);
        cx.monitor(&name);
        value()
    };
    own(async || cx.as_server(run)).await.spend();
    let recorded = cx.recorded();
    let named = own(async || recorded.contains(&Recorded::MonitorName(name.clone()))).await;
    assert!(named);
    drop(recorded);
    let unread = client.take(value()).await;
    drop((unread, cx));
    drop(client.take(value()).await);

    let (reply, mut received) = ReplyTo::for_test();
    reply.send(value());
    spend(received.take().unwrap());
    let (reply, received) = ReplyTo::for_test();
    reply.send(value());
    drop(received);
    let (reply, received) = ReplyTo::for_test();
    server.ask(reply);
    let mut received = Box::pin(received);
    foreign(received.as_mut()).await;
    server.0.take().unwrap().send(value());
    spend(received.await);
}
