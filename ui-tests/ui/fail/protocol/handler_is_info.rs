use suptree::prelude::*;
use suptree::protocol;

#[protocol]
trait Log {
    #[cast]
    fn log(&mut self, line: String);
}

#[derive(Default)]
struct Memory(Vec<String>);

#[genserver(protocols(Log))]
impl Memory {
    #[info]
    fn log(&mut self, line: String) {
        self.0.push(line);
    }
}

async fn used(memory: MemoryClient) {
    let log: LogClient = memory.into();
    let _ = log.log("started").await;
}

fn main() {}
