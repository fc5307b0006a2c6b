//! The counter, three times: with all defaults, with an unbounded mailbox, and never called in place.

use std::time::Duration;

use common::{Kill, Later, Mailbox, Named, State, System, burn_one_microsecond, gate, ring_done};
use suptree::{Timer, genserver};

use crate::named::NamedCounter;

macro_rules! counter {
    ($(#[doc = $doc:literal])* $system:ident: $server:ident, $client:ident, ($($options:tt)*)) => {
        #[derive(Default)]
        pub struct $server(State<$client>);

        #[genserver($($options)*)]
        impl $server {
            #[call]
            fn get(&self) -> u64 {
                self.0.value
            }

            #[call]
            async fn get_async(&self) -> u64 {
                self.0.value
            }

            #[cast]
            fn add(&mut self, amount: u64) {
                self.0.value += amount;
            }

            #[cast]
            fn set_next(&mut self, next: $client) {
                self.0.next = Some(Box::new(next));
            }

            #[cast]
            async fn token(&mut self, hops: u64) {
                match hops {
                    0 => ring_done(),
                    _ => self.0.next.as_ref().unwrap().token(hops - 1).await.unwrap(),
                }
            }

            #[cast]
            async fn hold(&mut self) {
                gate().await;
            }

            #[cast]
            fn work(&mut self) {
                burn_one_microsecond();
            }
        }

        $(#[doc = $doc])*
        pub struct $system;

        impl System for $system {
            type Server = $client;
            type Client = $client;

            async fn start(_: Mailbox) -> $client {
                $server::start().await.unwrap()
            }

            fn client(server: &$client) -> $client {
                server.clone()
            }

            async fn call(client: &$client) -> u64 {
                client.get().await.unwrap()
            }

            async fn call_async(client: &$client) -> u64 {
                client.get_async().await.unwrap()
            }

            // With the default timeout of 5 s.
            async fn call_queued(client: &$client) -> u64 {
                client.get().await.unwrap()
            }

            async fn cast(client: &$client, amount: u64) {
                client.add(amount).await.unwrap();
            }

            async fn stop_all(servers: Vec<$client>) {
                for server in servers {
                    server.stop().await.unwrap();
                }
            }

            async fn set_next(client: &$client, next: $client) {
                client.set_next(next).await.unwrap();
            }

            async fn token(client: &$client, hops: u64) {
                client.token(hops).await.unwrap();
            }

            async fn hold(client: &$client) {
                client.hold().await.unwrap();
            }

            async fn work(client: &$client) {
                client.work().await.unwrap();
            }
        }

        impl Later for $system {
            type Timers = Vec<Timer>;

            async fn set_all(client: &$client, times: Vec<Duration>) -> Vec<Timer> {
                let set = |after| client.add(1).send_after(after);
                times.into_iter().map(set).collect()
            }

            async fn cancel_all(timers: Vec<Timer>) {
                for timer in timers {
                    timer.cancel();
                }
            }
        }

        impl Kill for $system {
            async fn kill(server: $client) {
                let down = server.monitor();
                server.kill();
                down.await;
            }
        }

        impl Named for $system {
            async fn start_named(name: String) {
                NamedCounter::start(name).await.unwrap();
            }

            async fn call_named(name: &str) -> u64 {
                NamedCounter::whereis(name).unwrap().get().await.unwrap()
            }
        }
    };
}

counter! {
    /// What a user gets who says nothing: a mailbox bounded at 1,024, short handlers run in place.
    Plain: Counter, CounterClient, ()
}

counter! {
    /// OTP's mailbox.
    Unbounded: UnboundedCounter, UnboundedCounterClient, (mailbox = unbounded)
}

counter! {
    /// Every call through the mailbox, as a busy server's are.
    Queued: QueuedCounter, QueuedCounterClient, (inline = never)
}
