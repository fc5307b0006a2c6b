//! A counter with a name of its own.

use common::State;
use suptree::genserver;

pub struct NamedCounter(State<()>);

#[genserver(name = name)]
impl NamedCounter {
    #[init]
    fn init(name: String) -> Self {
        drop(name);
        Self(State::new())
    }

    #[call]
    pub fn get(&self) -> u64 {
        self.0.value
    }
}
