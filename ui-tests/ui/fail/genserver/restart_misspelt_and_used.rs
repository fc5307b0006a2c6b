use suptree::prelude::*;

struct Socket(u16);

struct Reader(Socket);

#[genserver(restart = temprary)]
impl Reader {
    #[init]
    fn init(socket: Socket) -> Self {
        Self(socket)
    }

    #[call]
    fn port(&self) -> u16 {
        self.0.0
    }
}

supervisor! { Readers { dynamic: Reader } }

fn main() {}
