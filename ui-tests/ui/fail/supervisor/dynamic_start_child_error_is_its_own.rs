use suptree::prelude::*;

struct Room(String);

#[genserver]
impl Room {
    #[init]
    fn init(name: String) -> Self {
        Self(name)
    }
}

supervisor! { Rooms { dynamic: Room } }

async fn open(rooms: &Rooms) -> Result<RoomClient, StartError> {
    Ok(rooms.start_child("a").await?)
}

fn main() {}
