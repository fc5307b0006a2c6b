use std::net::TcpListener;

use suptree::prelude::*;

struct Reader;

#[genserver(restart = temporary)]
impl Reader {
    #[init]
    fn init(_listener: TcpListener) -> Self {
        Self
    }
}

supervisor! { Readers(name = "readers") { dynamic: Reader } }

fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let _start = Readers::named().start_child(listener).restart(Restart::Permanent);
}
