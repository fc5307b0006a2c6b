use suptree::prelude::*;

struct Room(u32);

#[genserver]
impl Room {
    #[init]
    fn init(seats: u32, more: u32) -> Self {
        Self(seats + more)
    }

    #[call]
    fn seats(&self) -> u32 {
        self.0
    }
}

supervisor! {
    App(seats: u32) {
        strategy: one_for_one,
        children: [dynamic rooms: Room { extra_arguments: [seats + 1] }],
    }
}

fn main() {}
