use suptree::prelude::*;

#[derive(Default)]
struct Room;

#[genserver]
impl Room {}

supervisor! { Rooms { dynamic: [Room] } }

fn main() {}
