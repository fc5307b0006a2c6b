//! Streams that a server is attached to: they are polled, make messages, and are dropped. And work beside a server.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use futures_util::stream::Stream;
use suptree::Attached;
use suptree::prelude::*;

use super::{SOON, a_while, spend};
use crate::fault::{Fault, Op, own, visit};

/// Has two items, and then its end or nothing more.
struct Two {
    held: Fault,
    left: u32,
    ends: bool,
}

impl Two {
    fn new(ends: bool) -> Self {
        Self {
            held: Fault::new(1),
            left: 2,
            ends,
        }
    }
}

impl Stream for Two {
    type Item = Fault;

    fn poll_next(mut self: Pin<&mut Self>, _cx: &mut TaskContext<'_>) -> Poll<Option<Fault>> {
        visit(Op::Run);
        if self.left > 0 {
            self.left -= 1;
            return Poll::Ready(Some(self.held.clone()));
        }
        if self.ends {
            Poll::Ready(None)
        } else {
            Poll::Pending
        }
    }
}

#[derive(Default)]
struct Reader(Option<Fault>);

#[genserver]
impl Reader {
    #[call]
    fn read(&mut self, ends: bool, cx: &mut Context<Self>) -> Attached {
        let me = cx.client();
        cx.attach(Two::new(ends))
            .read_one()
            .on_end(me.last(Fault::new(2), 1))
    }

    #[call]
    fn read_by(&mut self, held: Fault, cx: &mut Context<Self>) -> Attached {
        // A map of the stream is a part of it, as what makes a message would be.
        cx.attach_with(Two::new(false), move |item| {
            visit(Op::Run);
            drop(item);
            held.clone().into()
        })
    }

    #[info]
    fn read_one(&mut self, item: Fault) {
        self.0 = Some(item);
    }

    #[info]
    fn last(&mut self, fault: Fault, _times: u8) {
        self.0 = Some(fault);
    }

    #[call(task)]
    fn fetch(&self, held: Fault) -> impl Future<Output = Fault> + use<> {
        visit(Op::Run);
        async move {
            visit(Op::Run);
            tokio::time::sleep(SOON).await;
            visit(Op::Run);
            held.clone()
        }
    }

    #[call]
    fn take(&mut self) -> Fault {
        self.0.take().unwrap_or_else(|| Fault::new(3))
    }
}

/// Streams that end, that are detached, and those of servers that are gone.
pub(crate) async fn streams() {
    let server = started!(Reader::start());
    drop(server.read(true).await);
    a_while().await;
    spend(server.take().await);
    server.kill();
    let server = started!(Reader::start());
    if let Ok(attached) = server.read(false).await {
        a_while().await;
        own(async || attached.detach()).await;
        // It is over, and nobody gets the message.
        let held = own(async || Fault::new(4)).await;
        attached.on_end(server.last(held, 2));
    }
    server.kill();
    // What runs beside it: awaited, given up, and ended with it.
    let server = started!(Reader::start());
    let held = own(async || Fault::new(6)).await;
    spend(server.fetch(held).await);
    let held = own(async || Fault::new(6)).await;
    spend(server.fetch(held).timeout(SOON / 2).await);
    a_while().await;
    let held = own(async || Fault::new(6)).await;
    let mut left = Box::pin(server.fetch(held));
    let begun = futures_util::poll!(left.as_mut());
    server.kill();
    a_while().await;
    match begun {
        Poll::Pending => spend(left.await),
        Poll::Ready(answer) => spend(answer),
    }
    let server = started!(Reader::start());
    let held = own(async || Fault::new(5)).await;
    drop(server.read_by(held).await);
    a_while().await;
    server.kill();
    a_while().await;
}
