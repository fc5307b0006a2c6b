use suptree::prelude::*;
use suptree::Recipient;

struct Tick;
struct Tock;

#[derive(Default)]
struct Clock;

#[genserver]
impl Clock {
    #[info]
    fn tick(&mut self, _tick: Tick) {}
}

fn recipient(clock: ClockClient) -> Recipient<Tock> {
    clock.recipient()
}

fn main() {}
