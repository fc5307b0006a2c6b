use suptree::prelude::*;

struct Line(String);

#[derive(Default)]
struct Session;

#[genserver]
impl Session {
    #[call]
    fn read(&self) -> usize {
        0
    }
}

async fn uses(session: SessionClient) {
    let _ = session.send(Line("hello".to_owned())).await;
}

fn main() {}
