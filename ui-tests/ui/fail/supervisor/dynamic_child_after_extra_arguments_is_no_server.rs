use suptree::prelude::*;

struct Room;

supervisor! { Rooms(house: String) { dynamic: Room, extra_arguments: [house] } }

fn main() {}
