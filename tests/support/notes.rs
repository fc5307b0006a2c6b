//! Where destructors run: each notes it.

use std::sync::mpsc;
use std::sync::{Arc, Mutex};

use tokio::runtime::{Handle, Id as RuntimeId};
use tokio::task::Id as TaskId;

/// Where something happened: in which task, and on which runtime.
pub(crate) type Place = (Option<TaskId>, Option<RuntimeId>);

fn here() -> Place {
    let runtime = Handle::try_current().ok().map(|handle| handle.id());
    (tokio::task::try_id(), runtime)
}

/// What a destructor does besides noting where it runs.
#[derive(Clone, Default)]
pub(crate) struct Notes {
    pub(crate) places: Arc<Mutex<Vec<(&'static str, Place)>>>,
    /// A destructor waits for this to be closed.
    pub(crate) gate: Arc<Mutex<Option<mpsc::Receiver<()>>>>,
}

impl Notes {
    pub(crate) fn note(&self, what: &'static str) {
        self.places.lock().unwrap().push((what, here()));
    }

    pub(crate) fn places(&self, what: &str) -> Vec<Place> {
        let places = self.places.lock().unwrap();
        let of = places.iter().filter(|(noted, _)| *noted == what);
        of.map(|(_, place)| *place).collect()
    }

    /// From here on, the state's destructor blocks until the sender is dropped.
    pub(crate) fn block(&self) -> mpsc::Sender<()> {
        let (open, gate) = mpsc::channel();
        *self.gate.lock().unwrap() = Some(gate);
        open
    }

    pub(crate) async fn until(&self, what: &str) {
        while self.places(what).is_empty() {
            tokio::task::yield_now().await;
        }
    }
}

/// Notes where it is dropped.
pub(crate) struct Noted(pub(crate) &'static str, pub(crate) Notes);

impl Drop for Noted {
    fn drop(&mut self) {
        self.1.note(self.0);
    }
}
