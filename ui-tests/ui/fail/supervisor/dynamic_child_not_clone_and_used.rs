use suptree::prelude::*;
use std::net::TcpStream;
struct Conn(TcpStream);
#[genserver]
impl Conn {
    #[init]
    fn init(s: TcpStream) -> Self { Self(s) }
    #[call]
    fn peer(&self) -> String { format!("{:?}", self.0.peer_addr()) }
}
supervisor! { Conns(name = "conns") { dynamic: Conn } }
supervisor! { App { strategy: one_for_one, children: [Conns] } }

#[tokio::main]
async fn main() { let app = App::start_link().await.unwrap(); app.stop().await.unwrap(); }
