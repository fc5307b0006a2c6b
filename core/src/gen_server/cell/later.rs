//! Where a message goes that is sent later, and where it stands until then: in the cell of the process that it is for, or with the
//! keeper of a runtime where it is for whoever is found at an address when its time has come.

use std::time::Duration;

use super::message::Mail;
use super::{AnyCell, Cell};
use crate::gen_server::GenServer;
use crate::guard::{Guarded, discard};
use crate::process::address::Address;
use crate::process::node::Node;
use crate::process::timers::{Alarm, TimerKey};
use crate::rt::Instant;
use crate::sync::{Arc, Weak};

/// A message that is sent later, as who set it knows it.
#[derive(Clone)]
pub(in crate::gen_server) enum Later {
    /// There was nobody, or no runtime.
    Never,
    ToCell(Weak<AnyCell>, TimerKey),
    ToAddress(Weak<Node>, TimerKey),
}

/// Where it goes.
pub(in crate::gen_server) enum To<S: GenServer> {
    /// To this process, with which it dies.
    Cell(Weak<Cell<S>>),
    /// To whoever is found there.
    Address(Address<Cell<S>>),
}

impl Later {
    /// `None`: it was sent, or taken back, or can never be sent.
    pub(in crate::gen_server) fn left(&self) -> Option<Duration> {
        match self {
            Self::Never => None,
            Self::ToCell(cell, key) => cell.upgrade()?.time_left(*key),
            Self::ToAddress(node, key) => {
                let node = node.upgrade()?;
                let is_set = node.timers.is_set(*key);
                is_set.then(|| key.0.saturating_duration_since(node.now()))
            }
        }
    }

    /// Whether it is for a process that is dead.
    pub(super) fn is_for_the_dead(&self) -> bool {
        match self {
            Self::ToCell(cell, _) => {
                let cell = cell.upgrade();
                cell.is_none_or(|cell| cell.header.exit_reason().is_some())
            }
            Self::Never | Self::ToAddress(..) => false,
        }
    }

    /// Takes it back, if it is not sent: what was left.
    pub(in crate::gen_server) fn take_back(&self) -> Option<Duration> {
        match self {
            Self::Never => None,
            Self::ToCell(cell, key) => cell.upgrade()?.take_back(*key),
            Self::ToAddress(node, key) => {
                let node = node.upgrade()?;
                discard(node.timers.cancel_alarm(*key)?);
                Some(key.0.saturating_duration_since(node.now()))
            }
        }
    }
}

impl<S: GenServer> To<S> {
    pub(in crate::gen_server) fn new(address: &Address<Cell<S>>) -> Self {
        match address.direct() {
            Some(cell) => Self::Cell(Arc::downgrade(cell)),
            None => Self::Address(address.clone()),
        }
    }

    /// Whose clock counts. `None`: there is no runtime, or it has no timers.
    pub(in crate::gen_server) fn node(&self) -> Option<Arc<Node>> {
        let cell = match self {
            Self::Cell(cell) => Some(cell.upgrade()?),
            Self::Address(address) => address.get(),
        };
        match cell {
            Some(cell) => Some(Arc::clone(&cell.header.node)),
            None => Node::current_or_new(),
        }
    }

    /// Sends it at that time of the clock of this node. `refused` is called before it is dropped because its runtime is gone.
    pub(in crate::gen_server) fn send(
        &self,
        node: &Arc<Node>,
        deadline: Instant,
        mail: Mail<S>,
        refused: &dyn Fn(),
    ) -> Later {
        match self {
            Self::Cell(cell) => match cell.upgrade() {
                Some(cell) => match cell.send_later(deadline, mail) {
                    Some(key) => Later::ToCell(Arc::downgrade(&cell) as Weak<AnyCell>, key),
                    None => Later::Never,
                },
                None => {
                    discard(mail);
                    Later::Never
                }
            },
            Self::Address(address) => {
                let parcel = Box::new(Parcel {
                    node: Arc::downgrade(node),
                    address: address.clone(),
                    mail: Guarded::new(mail),
                });
                match node.timers.set_alarm(deadline, parcel, None) {
                    Ok((key, keeper)) => {
                        keeper.tell();
                        Later::ToAddress(Arc::downgrade(node), key)
                    }
                    Err(parcel) => {
                        refused();
                        discard(parcel);
                        Later::Never
                    }
                }
            }
        }
    }

    pub(in crate::gen_server) fn send_now(&self, mail: Mail<S>) {
        let found = match self {
            Self::Cell(cell) => cell.upgrade(),
            Self::Address(address) => address.get(),
        };
        match found {
            Some(cell) => cell.push_later(mail),
            None => discard(mail),
        }
    }
}

impl<S: GenServer> Clone for To<S> {
    fn clone(&self) -> Self {
        match self {
            Self::Cell(cell) => Self::Cell(Weak::clone(cell)),
            Self::Address(address) => Self::Address(address.clone()),
        }
    }
}

/// A message for an address. Who has the address is found by the user's keys, and the message may be dropped: so it is delivered by a
/// task of its own, and not by the keeper.
struct Parcel<S: GenServer> {
    node: Weak<Node>,
    address: Address<Cell<S>>,
    mail: Guarded<Mail<S>>,
}

impl<S: GenServer> Alarm for Parcel<S> {
    fn ring(self: Box<Self>, _now: Instant) {
        let Some(node) = self.node.upgrade() else {
            return;
        };
        node.runtime.spawn(async move {
            let Self { address, mail, .. } = *self;
            To::Address(address).send_now(mail.into_inner());
        });
    }
}
