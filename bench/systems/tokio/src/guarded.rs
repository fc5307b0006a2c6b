//! The counter with what every server of suptree has: a mailbox bounded at 1,024 and a timeout on each call.

use std::future::Future;

use common::{CALL_TIMEOUT, Kill, Mailbox, Named, System};
use tokio::time::timeout;

use crate::counter::{ByHand, Sender, register, whereis};

pub struct Guarded;

impl System for Guarded {
    type Server = <ByHand as System>::Server;
    type Client = Sender;

    fn start(mailbox: Mailbox) -> impl Future<Output = Self::Server> + Send {
        ByHand::start(match mailbox {
            Mailbox::Default => Mailbox::Bounded(1_024),
            asked => asked,
        })
    }

    fn client(server: &Self::Server) -> Sender {
        ByHand::client(server)
    }

    async fn call(client: &Sender) -> u64 {
        timeout(CALL_TIMEOUT, ByHand::call(client))
            .await
            .expect("in time")
    }

    fn call_queued(client: &Sender) -> impl Future<Output = u64> + Send {
        Self::call(client)
    }

    fn cast(client: &Sender, amount: u64) -> impl Future<Output = ()> + Send {
        ByHand::cast(client, amount)
    }

    fn stop_all(servers: Vec<Self::Server>) -> impl Future<Output = ()> + Send {
        ByHand::stop_all(servers)
    }

    fn set_next(client: &Sender, next: Sender) -> impl Future<Output = ()> + Send {
        ByHand::set_next(client, next)
    }

    fn token(client: &Sender, hops: u64) -> impl Future<Output = ()> + Send {
        ByHand::token(client, hops)
    }

    fn hold(client: &Sender) -> impl Future<Output = ()> + Send {
        ByHand::hold(client)
    }

    fn work(client: &Sender) -> impl Future<Output = ()> + Send {
        ByHand::work(client)
    }
}

impl Kill for Guarded {
    fn kill(server: Self::Server) -> impl Future<Output = ()> + Send {
        ByHand::kill(server)
    }
}

impl Named for Guarded {
    async fn start_named(name: String) {
        let (sender, _) = Self::start(Mailbox::Default).await;
        register(name, sender);
    }

    async fn call_named(name: &str) -> u64 {
        Self::call(&whereis(name)).await
    }
}
