use suptree::prelude::*;

struct Room(String, u64);

#[genserver]
impl Room {
    #[init]
    fn init(topic: String, seats: u64) -> Self {
        Self(topic, seats)
    }
    #[call]
    fn sign(&self) -> String {
        format!("{}: {}", self.0, self.1)
    }
}

supervisor! { Rooms(name = "rooms") { dynamic: Room } }

fn main() {
    let _start = Rooms::named().start_child("rust", 7);
}
