use suptree::prelude::*;

struct Room(u64);

#[genserver]
impl Room {
    #[init]
    fn init(number: u64) -> Self {
        Self(number)
    }
    #[call]
    fn number(&self) -> u64 {
        self.0
    }
}

supervisor! { Rooms(house: String) { dynamic: Room, extra_arguments: [house] } }

fn main() {}
