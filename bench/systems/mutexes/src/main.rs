//! What one writes without servers: the counter in an `Arc<Mutex<_>>`, which each client locks. No mailbox, no timeout, nobody who notices an
//! end. By `parking_lot`'s mutex, or with `--variant tokio` by Tokio's.

use std::sync::Arc;

use common::{Flavour, Mailbox, State, System, args, finish, run_messaging};

/// What can be done with a counter in a mutex.
fn supports(work: &str) -> bool {
    matches!(
        work,
        "call_seq" | "call_blk" | "call_conc" | "call_fan" | "mem"
    )
}

macro_rules! mutexed {
    ($name:ident, $mutex:ty, $client:ident => $lock:expr) => {
        struct $name;

        impl System for $name {
            type Server = Arc<$mutex>;
            type Client = Arc<$mutex>;

            fn supports(work: &str, _flavour: Flavour) -> bool {
                supports(work)
            }

            async fn start(_: Mailbox) -> Self::Server {
                Arc::new(<$mutex>::new(State::new()))
            }

            fn client(server: &Self::Server) -> Self::Client {
                Arc::clone(server)
            }

            async fn call($client: &Self::Client) -> u64 {
                $lock.value
            }

            async fn call_queued(client: &Self::Client) -> u64 {
                Self::call(client).await
            }

            async fn cast($client: &Self::Client, amount: u64) {
                $lock.value += amount;
            }

            async fn stop_all(servers: Vec<Self::Server>) {
                drop(servers);
            }

            async fn set_next(_: &Self::Client, _: Self::Client) {
                unreachable!("a value in a mutex sends nothing");
            }

            async fn token(_: &Self::Client, _: u64) {
                unreachable!("a value in a mutex sends nothing");
            }

            async fn hold(_: &Self::Client) {
                unreachable!("a value in a mutex has no handlers");
            }

            async fn work(_: &Self::Client) {
                unreachable!("a value in a mutex has no handlers");
            }
        }
    };
}

mutexed!(Blocking, parking_lot::Mutex<State<()>>, client => client.lock());
mutexed!(Waiting, tokio::sync::Mutex<State<()>>, client => client.lock().await);

fn main() {
    let known = match args().variant.as_str() {
        "tokio" => run_messaging::<Waiting>(),
        _ => run_messaging::<Blocking>(),
    };
    finish(known)
}
