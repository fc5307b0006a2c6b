//! A dynamic supervisor of two kinds of children: servers that are given a ticket once, and workers that come back. Several clients
//! start, kill and count them. There are never more than there may be, none has what is another's, and a ticket that was
//! refused comes back.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{StartChildError, exit, sim};

use crate::rng::Rng;
use crate::world::millis;

const ROOM: usize = 4;

/// The one there is with its number: not `Clone`.
#[derive(Debug)]
struct Ticket(u64);

/// What all of a story know.
#[derive(Debug)]
struct Inn {
    rng: Mutex<Rng>,
    living: Mutex<BTreeSet<Pid>>,
    most: AtomicU64,
}

impl Inn {
    fn chance(&self, permille: u64) -> bool {
        let mut rng = self.rng.lock().expect("nobody panics here");
        rng.permille(permille)
    }
}

/// Lives in each child.
#[derive(Debug)]
struct Life(Arc<Inn>, Pid);

impl Life {
    fn begin(inn: Arc<Inn>) -> Self {
        let me = self_pid();
        let living = {
            let mut living = inn.living.lock().expect("nobody panics here");
            living.insert(me);
            living.len() as u64
        };
        inn.most.fetch_max(living, Ordering::Relaxed);
        Self(inn, me)
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        let mut living = self.0.living.lock().expect("nobody panics here");
        living.remove(&self.1);
    }
}

struct Guest {
    ticket: Ticket,
    _life: Life,
}

#[genserver(restart = temporary)]
impl Guest {
    #[init]
    fn init(inn: Arc<Inn>, ticket: Ticket) -> Self {
        let _life = Life::begin(inn);
        Self { ticket, _life }
    }

    #[call]
    fn number(&self) -> u64 {
        self.ticket.0
    }
}

struct Porter {
    number: u64,
    _life: Life,
}

#[genserver]
impl Porter {
    #[init]
    fn init(inn: Arc<Inn>, number: u64) -> Result<Self, String> {
        if inn.chance(300) {
            return Err("not today".to_owned());
        }
        let _life = Life::begin(inn);
        Ok(Self { number, _life })
    }

    #[call]
    fn number(&self) -> u64 {
        self.number
    }
}

supervisor! {
    Rooms(inn: Arc<Inn>) { dynamic: Guest | Porter, max_children: 4, extra_arguments: [inn], max_restarts: 4294967295 }
}

/// Plays the inn of a seed. `Some`: what went wrong.
pub(crate) fn play(seed: u64) -> Option<String> {
    let config = sim::Config::swarm(seed).time_limit(Duration::from_secs(600));
    match config.run(open(seed)) {
        Ok(violation) => violation,
        Err(stuck) => Some(format!("two kinds: {stuck}")),
    }
}

async fn open(seed: u64) -> Option<String> {
    let inn = Arc::new(Inn {
        rng: Mutex::new(Rng::new(seed, 83)),
        living: Mutex::default(),
        most: AtomicU64::new(0),
    });
    let rooms = Rooms::start_link(Arc::clone(&inn)).await.ok()?;
    let clients: Vec<_> = (0..1 + seed % 4)
        .map(|client| {
            let (rooms, inn) = (rooms.clone(), Arc::clone(&inn));
            sim::spawn(visit(Rng::new(seed, 300 + client), client, rooms, inn))
        })
        .collect();
    for client in clients {
        match client.await {
            Ok(None) => {}
            Ok(wrong) => return wrong,
            Err(error) => return Some(format!("a client of two kinds: {error:?}")),
        }
    }
    sim::sleep(millis(100)).await;
    let most = inn.most.load(Ordering::Relaxed);
    if most > ROOM as u64 {
        return Some(format!("{most} children were there, and {ROOM} may be"));
    }
    let guests = rooms.children::<Guest>().await.ok()?;
    let porters = rooms.children::<Porter>().await.ok()?;
    let listed = guests.iter().map(|guest| guest.pid());
    let listed: BTreeSet<Pid> = listed
        .chain(porters.iter().map(|porter| porter.pid()))
        .flatten()
        .collect();
    let living = inn.living.lock().expect("nobody panics here").clone();
    if listed != living {
        return Some(format!("{listed:?} are listed, and {living:?} live"));
    }
    rooms.stop().await.ok()?;
    let left = inn.living.lock().expect("nobody panics here").clone();
    (!left.is_empty()).then(|| format!("{left:?} outlive their supervisor"))
}

/// Does one thing after the other. `Some`: what went wrong.
async fn visit(mut rng: Rng, client: u64, rooms: Rooms, inn: Arc<Inn>) -> Option<String> {
    for nth in 0..20 {
        let number = client * 1_000 + nth;
        let wrong = match rng.below(8) {
            0..3 => check_in(&rooms, number).await,
            3 => employ(&rooms, number).await,
            4 | 5 => {
                let living = inn.living.lock().expect("nobody panics here").clone();
                let nth = rng.next().checked_rem(living.len() as u64).unwrap_or(0);
                if let Some(pid) = living.into_iter().nth(nth as usize) {
                    exit(pid, ExitReason::Kill);
                }
                None
            }
            6 => {
                for guest in rooms.children::<Guest>().await.ok()? {
                    let _maybe_gone = guest.number().await;
                }
                let children = rooms.which_children().await.ok()?;
                let many = children.len();
                (many > ROOM).then(|| format!("{many} children are listed, and {ROOM} may be"))
            }
            _ => {
                sim::sleep(millis(rng.below(3))).await;
                None
            }
        };
        if wrong.is_some() {
            return wrong;
        }
        if rng.permille(300) {
            sim::yield_now().await;
        }
    }
    None
}

/// A guest starts with the ticket, or the ticket comes back.
async fn check_in(rooms: &Rooms, number: u64) -> Option<String> {
    match rooms.start_child::<Guest>(Ticket(number)).keep_args().await {
        Ok(guest) => match guest.number().await {
            Ok(other) if other != number => Some(format!("guest {number} has ticket {other}")),
            _ => None,
        },
        Err(failed) if *failed == StartChildError::MaxChildren => {
            let back = failed.into_args();
            let same = back.as_ref().is_some_and(|back| back.0 == number);
            (!same).then(|| format!("ticket {number} was refused, and {back:?} came back"))
        }
        Err(failed) => Some(format!("guest {number}: {failed:?}")),
    }
}

async fn employ(rooms: &Rooms, number: u64) -> Option<String> {
    match rooms.start_child::<Porter>(number).await {
        Ok(porter) => match porter.number().await {
            Ok(other) if other != number => Some(format!("porter {number} is {other}")),
            _ => None,
        },
        Err(StartChildError::MaxChildren) => None,
        Err(StartChildError::Start(error)) => {
            // It has its reasons.
            let right = error.to_string().contains("not today")
                || matches!(error, StartError::Init(ExitReason::Killed));
            (!right).then(|| format!("porter {number} did not start: {error:?}"))
        }
        Err(error) => Some(format!("porter {number}: {error:?}")),
    }
}
