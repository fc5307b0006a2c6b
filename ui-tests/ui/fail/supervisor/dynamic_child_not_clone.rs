use std::net::TcpListener;

use suptree::prelude::*;

struct Reader;

#[genserver]
impl Reader {
    #[init]
    fn init(_listener: TcpListener) -> Self {
        Self
    }
}

supervisor! { Readers { dynamic: Reader } }

fn main() {}
