use suptree::prelude::*;

#[derive(Default)]
struct Room;

#[genserver]
impl Room {}

#[derive(Default)]
struct Game;

#[genserver]
impl Game {}

#[derive(Default)]
struct Stranger;

#[genserver]
impl Stranger {}

supervisor! { Meetings(name = "meetings") { dynamic: Room | Game } }

fn main() {
    let _start = Meetings::named().start_child::<Stranger>(());
}
