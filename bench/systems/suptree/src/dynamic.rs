//! A dynamic supervisor, as `supervisor!` declares it.

use common::Dynamic;
use suptree::{Child, supervisor};

use crate::supervised::Worker;

supervisor! {
    pub Workers { dynamic: Worker, max_restarts: 4_294_967_295, max_seconds: 1 }
}

pub struct OnDemand;

impl Dynamic for OnDemand {
    type Supervisor = Workers;
    type Child = <Worker as Child>::Handle;

    async fn start() -> Workers {
        Workers::start_link().await.unwrap()
    }

    async fn start_child(workers: &Workers, index: usize) -> Self::Child {
        workers.start_child(index).await.unwrap()
    }

    async fn stop(workers: Workers) {
        workers.stop().await.unwrap();
    }

    fn kill(worker: &Self::Child) {
        worker.kill();
    }

    async fn generation(worker: &Self::Child) -> Option<u64> {
        worker.generation().await.ok()
    }
}
