//! Children that keep the handle of their own supervisor, as what they have last, in their arguments, as what they are generic over;
//! supervisors that start each other. Asking whether one may be a child leads to the supervisor, and not round in a circle.

use std::sync::{Arc, OnceLock};

use suptree::prelude::*;

struct Room {
    rooms: Rooms,
}

#[genserver]
impl Room {
    #[init]
    fn init(rooms: Rooms) -> Self {
        Self { rooms }
    }

    #[call]
    async fn beside(&mut self) -> usize {
        self.rooms.count_children().await.map_or(0, |all| all.active)
    }
}

supervisor! { Rooms { dynamic: Room } }

struct Worker {
    pool: Option<Pool>,
}

#[genserver]
impl Worker {
    #[init]
    fn init(pool: Option<Pool>) -> Self {
        Self { pool }
    }

    #[call]
    fn is_alone(&self) -> bool {
        self.pool.is_none()
    }
}

supervisor! { Pool { partition: Worker(None), partitions: 2 } }

#[derive(Default)]
struct Cache {
    app: Option<App>,
}

#[genserver]
impl Cache {
    #[call]
    fn app(&self) -> Option<App> {
        self.app.clone()
    }

    #[cast]
    fn set(&mut self, app: App) {
        self.app = Some(app);
    }
}

supervisor! { App { strategy: one_for_one, children: [Cache, Rooms, Pool] } }

supervisor! { There { dynamic: Back } }
supervisor! { Back { dynamic: There } }

/// Generic over its own supervisor.
struct Session<S>(S);

#[genserver]
impl<S: Clone + Send + Sync + 'static> Session<S> {
    #[init]
    fn init(services: S) -> Self {
        Self(services)
    }

    #[call]
    fn services(&self) -> S {
        self.0.clone()
    }
}

supervisor! { Sessions { dynamic: Session<Sessions> } }

/// What an argument leads to.
#[derive(Clone)]
struct Shared(Arc<OnceLock<(Vec<Shelves>, App)>>);

struct Shelf(Shared);

#[genserver]
impl Shelf {
    #[init]
    fn init(shared: Shared) -> Self {
        Self(shared)
    }

    #[call]
    fn shared(&self, also: Shared) -> (Shared, Shared) {
        (self.0.clone(), also)
    }
}

supervisor! { Shelves(shared: Shared) { strategy: one_for_one, children: [Shelf(shared)] } }
supervisor! { Boards(shared: Shared) { dynamic: Shelf, extra_arguments: [shared] } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link().await?;
    app.cache().set(app.clone()).await?;
    let same = app.cache().app().await?.expect("it was set");
    let room = same.rooms().start_child(same.rooms()).await?;
    assert_eq!(room.beside().await?, 1);
    assert!(app.pool().route("x").is_alone().await?);

    let there = There::start_link().await?;
    there.start_child(()).await?;

    let sessions = Sessions::start_link().await?;
    let session = sessions.start_child(sessions.clone()).await?;
    assert!(session.services().await?.is_alive());

    let shared = Shared(Arc::default());
    let shelves = Shelves::start_link(shared.clone()).await?;
    let (kept, _) = shelves.shelf().shared(shared.clone()).await?;
    assert!(kept.0.set((vec![shelves.clone()], app)).is_ok());
    Boards::start_link(shared).await?.start_child(()).await?;
    Ok(())
}
