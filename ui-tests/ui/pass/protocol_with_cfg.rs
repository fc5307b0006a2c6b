//! `#[cfg]` on a protocol, its methods, and the handlers.

#![deny(warnings)]

use suptree::prelude::*;
use suptree::protocol;

#[protocol]
#[cfg(all())]
trait Door {
    #[cfg(all())]
    #[call]
    fn open(&mut self) -> bool;

    #[cfg(any())]
    #[call]
    fn lock(&mut self, key: Absent) -> Absent;

    #[cfg_attr(all(), cfg(any()))]
    #[cast]
    fn ring(&mut self);

    #[cfg_attr(any(), cfg(any()))]
    #[cast]
    fn close(&mut self);

    #[cfg(any())]
    #[call]
    fn color(&self) -> Absent;

    #[cfg(not(any()))]
    #[call]
    fn color(&self) -> u8;
}

#[protocol]
#[cfg(any())]
trait Gone {
    #[call]
    fn gone(&self, what: Absent);
}

#[derive(Default)]
struct Gate(bool);

#[genserver(protocols(#[cfg(all())] Door, #[cfg(any())] Gone, #[cfg(any())] Absent, #[cfg(any())] Door))]
impl Gate {
    #[cfg(all())]
    #[call]
    fn open(&mut self) -> bool {
        !std::mem::replace(&mut self.0, true)
    }

    #[cfg(any())]
    #[call]
    fn lock(&mut self, key: Absent) -> Absent {
        key
    }

    #[cast]
    fn close(&mut self) {
        self.0 = false;
    }

    #[call]
    fn color(&self) -> u8 {
        7
    }
}

struct Wall;

impl Door for Wall {
    fn open(&mut self) -> bool {
        false
    }

    fn close(&mut self) {}

    fn color(&self) -> u8 {
        8
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gate = DoorClient::from(Gate::start().await?);
    assert!(gate.open().await?);
    gate.close().await?;
    assert!(gate.open().await?);
    assert_eq!(gate.color().await?, 7);
    assert!(!DoorClient::stand_in(Wall).open().await?);
    let opening = DoorClient::from_fn(|| true, || (), || 9);
    assert_eq!(opening.color().await?, 9);
    Ok(())
}
