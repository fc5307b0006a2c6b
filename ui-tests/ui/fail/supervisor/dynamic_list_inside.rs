use suptree::prelude::*;

#[derive(Default)]
struct Room;

#[genserver]
impl Room {}

#[derive(Default)]
struct Game;

#[genserver]
impl Game {}

supervisor! { App { strategy: one_for_one, children: [dynamic rooms: [Room, Game]] } }

fn main() {}
