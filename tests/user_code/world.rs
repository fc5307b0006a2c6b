//! Servers and supervisors, declared by the macros, all of whose values and code are a user's that may panic.

#![allow(dead_code)]

use std::fmt;

use suptree::prelude::*;
use suptree::{Duplicate, Registry};

use crate::fault::{Fault, Op, visit};

/// Does nothing, and must not notice anything.
#[derive(Default)]
pub(crate) struct Beside;

#[genserver(name = "beside")]
impl Beside {
    #[call]
    pub(crate) fn ping(&self) -> u32 {
        7
    }
}

supervisor! { pub(crate) Bystanders { strategy: one_for_one, children: [Beside] } }

/// Does with registries what a process does with its own entries.
pub(crate) struct Registrant(Registry<Fault, Fault>, Registry<Fault, Fault, Duplicate>);

type Registries = (Registry<Fault, Fault>, Registry<Fault, Fault, Duplicate>);

#[genserver]
impl Registrant {
    #[init]
    fn init(registries: Registries) -> Self {
        Self(registries.0, registries.1)
    }

    #[call]
    pub(crate) fn change(&mut self, number: u32) -> usize {
        let key = Fault::new(number);
        if let Err(refused) = self.0.register(Fault::new(number), Fault::new(1)) {
            refused.key.spend();
            refused.value.spend();
        }
        for value in [1, 2] {
            if let Err(refused) = self.1.register(Fault::new(number), Fault::new(value)) {
                refused.key.spend();
                refused.value.spend();
            }
        }
        let updated = self.0.update_value(&key, Clone::clone);
        let matched = self.1.unregister_match(&key, |value| {
            visit(Op::Run);
            *value == Fault::new(2)
        });
        let left = (self.0.unregister(&key), self.1.unregister(&key));
        usize::from(updated.is_some())
            + matched.len()
            + usize::from(left.0.is_some())
            + left.1.len()
    }
}

/// Waits for others, as user code that may panic before and after.
pub(crate) async fn waits() {
    let _local = Fault::new(0);
    visit(Op::Run);
    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    visit(Op::Run);
}

/// A server that takes its time to come back.
pub(crate) struct Returns;

#[genserver(name = "returns")]
impl Returns {
    #[init]
    async fn init() -> Self {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        Self
    }

    #[call]
    pub(crate) fn answer(&self, value: Fault) -> Fault {
        value
    }

    #[cast]
    pub(crate) fn take(&mut self, _value: Fault) {}
}

supervisor! {
    pub(crate) Returning {
        strategy: one_for_one,
        max_restarts: 1_000,
        children: [Returns { backoff: 5ms..5ms }],
    }
}

/// A server with room for one message, which takes its time.
#[derive(Default)]
pub(crate) struct Narrow;

#[genserver(mailbox = 1)]
impl Narrow {
    #[cast]
    pub(crate) async fn work(&mut self, _value: Fault) {
        waits().await;
    }

    #[call]
    pub(crate) async fn answer(&mut self, value: Fault) -> Fault {
        waits().await;
        value
    }
}

macro_rules! servers {
    ($($server:ident, $client:ident, $app:ident, $outer:ident, $many:ident, $house:ident: $inline:ident;)*) => {$(
        pub(crate) struct $server {
            state: Fault,
            kept: Vec<ReplyTo<Fault>>,
        }

        impl fmt::Debug for $server {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.state.fmt(f)
            }
        }

        #[genserver(name = key, last_message, trap_exit, inline = $inline)]
        impl $server {
            #[init]
            async fn init(key: Fault) -> Result<Self, Fault> {
                waits().await;
                Ok(Self { state: key, kept: Vec::new() })
            }

            #[call]
            pub(crate) fn ping(&self) -> u32 {
                7
            }

            #[call]
            pub(crate) fn swap(&mut self, value: Fault) -> Fault {
                visit(Op::Run);
                std::mem::replace(&mut self.state, value)
            }

            #[call]
            pub(crate) async fn later(&mut self, value: Fault) -> Fault {
                waits().await;
                value
            }

            #[call]
            pub(crate) fn keep(&mut self, reply: ReplyTo<Fault>) {
                self.kept.push(reply);
            }

            /// Its caller is watched by another executor.
            #[call]
            pub(crate) fn lend(&mut self, reply: ReplyTo<Fault>) {
                tokio::spawn(async move {
                    let mut reply = reply;
                    crate::cases::foreign(reply.closed()).await;
                });
            }

            #[cast]
            pub(crate) fn answer_kept(&mut self) {
                for reply in self.kept.drain(..) {
                    reply.send(Fault::new(1));
                }
            }

            #[cast]
            pub(crate) fn take(&mut self, _value: Fault) {
                visit(Op::Run);
            }

            #[cast]
            pub(crate) async fn take_later(&mut self, _value: Fault) {
                waits().await;
            }

            #[cast]
            pub(crate) fn fail(&mut self, error: Fault) -> Result<(), Fault> {
                Err(error)
            }

            #[call]
            pub(crate) fn end(&mut self, error: Fault, cx: &mut Context<Self>) -> Fault {
                cx.stop(error.into());
                Fault::new(1)
            }

            #[info]
            pub(crate) fn note(&mut self, _value: Fault) {
                visit(Op::Run);
            }

            #[cast]
            pub(crate) fn begin(&mut self, value: Fault, cx: &mut Context<Self>) {
                cx.then().go_on(value.clone());
                cx.then().go_on_later(value.clone());
                cx.then().go_on(value);
            }

            #[handle_continue]
            pub(crate) fn go_on(&mut self, _value: Fault) {
                visit(Op::Run);
            }

            #[handle_continue]
            pub(crate) async fn go_on_later(&mut self, _value: Fault) {
                waits().await;
            }

            #[exit]
            pub(crate) async fn ended(&mut self, _from: Pid, _reason: ExitReason) {
                waits().await;
            }

            #[terminate]
            async fn bye(&mut self, reason: &ExitReason) {
                let _shown = reason.to_string();
                waits().await;
            }
        }

        supervisor! {
            pub(crate) $app(key: Fault) {
                strategy: one_for_one, max_restarts: 1000,
                children: [$server(key) as server, $server(Fault::new(2)) as other],
            }
        }

        supervisor! {
            pub(crate) $outer(key: Fault) { strategy: one_for_one, max_restarts: 1000, children: [$app(key) as app] }
        }

        supervisor! { pub(crate) $many { dynamic: $server, max_restarts: 1000, max_children: 2 } }

        supervisor! {
            pub(crate) $house(key: Fault) {
                dynamic: $server | $app, max_restarts: 1000, max_children: 2, extra_arguments: [key],
            }
        }
    )*};
}

servers! {
    Placed, PlacedClient, PlacedApp, PlacedOuter, PlacedMany, PlacedHouse: always;
    Queued, QueuedClient, QueuedApp, QueuedOuter, QueuedMany, QueuedHouse: never;
}
