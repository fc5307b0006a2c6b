use suptree::prelude::*;

#[derive(Default)]
struct Room;

#[genserver]
impl Room {}

struct Game;

supervisor! { Meetings { dynamic: Room | Game } }

fn main() {}
