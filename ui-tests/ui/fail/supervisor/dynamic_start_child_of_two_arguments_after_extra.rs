use suptree::prelude::*;

struct Room(String, String, u64);

#[genserver]
impl Room {
    #[init]
    fn init(house: String, topic: String, seats: u64) -> Self {
        Self(house, topic, seats)
    }
    #[call]
    fn sign(&self) -> String {
        format!("{}/{}: {}", self.0, self.1, self.2)
    }
}

supervisor! { Rooms(house: String, name = "rooms") { dynamic: Room, extra_arguments: [house] } }

fn main() {
    let _start = Rooms::named().start_child("rust", 7);
}
