use suptree::prelude::*;

struct Socket(u16);

struct Reader(String, Socket);

#[genserver]
impl Reader {
    #[init]
    fn init(house: String, socket: Socket) -> Self {
        Self(house, socket)
    }
    #[call]
    fn port(&self) -> String {
        format!("{}:{}", self.0, self.1.0)
    }
}

supervisor! { Readers(house: String) { dynamic: Reader, extra_arguments: [house] } }

fn main() {}
