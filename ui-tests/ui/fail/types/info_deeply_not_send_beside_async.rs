use std::rc::Rc;

use suptree::prelude::*;

struct Tick(Rc<u8>);

#[derive(Default)]
struct Clock(u8);

#[genserver]
impl Clock {
    #[info]
    fn tick(&mut self, tick: Tick) {
        self.0 = *tick.0;
    }

    #[handle_continue]
    async fn wind(&mut self) {
        std::future::ready(()).await;
    }
}

async fn tick(clock: ClockClient, tick: Tick) -> Result<(), CastError> {
    clock.tick(tick).await
}

fn main() {}
