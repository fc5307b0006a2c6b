use suptree::prelude::*;

struct Room;

#[genserver]
impl Room {
    #[init]
    fn init(_topic: String) -> Self {
        Self
    }
}

supervisor! { Rooms { dynamic: Room, extra_arguments: [house] } }

fn main() {}
