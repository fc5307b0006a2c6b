use suptree::prelude::*;

struct Room(u64);

#[genserver]
impl Room {
    #[init]
    fn init(id: u64) -> Self {
        Self(id)
    }

    #[call]
    fn id(&self) -> u64 {
        self.0
    }
}

supervisor! {
    Rooms {
        dynamic Room,
        max_children: 10,
    }
}

async fn used() {
    let rooms = Rooms::start_link().await.unwrap();
    let room = rooms.start_child(7).await.unwrap();
    let _ = room.id().await;
}

fn main() {}
