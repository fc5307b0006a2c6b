use suptree::prelude::*;

struct Room {
    topic: String,
}

#[genserver(name = ("room", self.topic))]
impl Room {
    #[init]
    fn init(topic: String) -> Self {
        Self { topic }
    }

    #[call]
    fn topic(&self) -> String {
        self.topic.clone()
    }
}

fn main() {}
