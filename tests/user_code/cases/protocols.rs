//! Recipients, and a protocol whose server is a value.

use suptree::prelude::*;
use suptree::{Recipient, protocol};

use super::{a_while, kill_all, spend};
use crate::fault::{Fault, Op, own, visit};

#[protocol]
trait Swaps {
    #[call]
    fn swap(&mut self, new: Fault) -> Fault;
    #[cast]
    fn take(&mut self, new: Fault);
}

struct Holder(Fault);

impl Swaps for Holder {
    fn swap(&mut self, new: Fault) -> Fault {
        visit(Op::Run);
        std::mem::replace(&mut self.0, new)
    }

    fn take(&mut self, new: Fault) {
        visit(Op::Run);
        self.0 = new;
    }
}

#[genserver(protocols(Swaps))]
impl Holder {
    #[init]
    fn init() -> Self {
        Self(Fault::new(1))
    }

    #[call]
    fn swap(&mut self, new: Fault) -> Fault {
        Swaps::swap(self, new)
    }

    #[cast]
    fn take(&mut self, new: Fault) {
        Swaps::take(self, new);
    }

    #[info]
    fn told(&mut self, new: Fault) {
        Swaps::take(self, new);
    }
}

/// Values that stand in for servers, functions that are recipients, and what is sent to them.
pub(crate) async fn protocols() {
    let holder = own(async || Holder(Fault::new(2))).await;
    let stand_in = SwapsClient::stand_in(holder);
    let server = started!(Holder::start());
    for client in [stand_in, server.clone().into(), SwapsClient::vacant()] {
        spend(client.swap(own(async || Fault::new(3)).await).await);
        drop(client.take(own(async || Fault::new(4)).await).await);
        drop(client.take(own(async || Fault::new(5)).await).try_send());
        a_while().await;
    }
    let held = own(async || Fault::new(7)).await;
    let function = Recipient::from_fn(move |_: Fault| {
        let _held = &held;
        visit(Op::Run);
    });
    for recipient in [function, server.recipient(), server.into()] {
        drop(recipient.send(own(async || Fault::new(8)).await).await);
        drop(recipient.send(own(async || Fault::new(9)).await).try_send());
        a_while().await;
    }
    kill_all(|_| true);
    a_while().await;
}
