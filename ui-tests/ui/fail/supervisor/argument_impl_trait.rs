use suptree::prelude::*;

struct Disk(String);

#[genserver]
impl Disk {
    #[init]
    fn init(path: String) -> Self {
        Self(path)
    }
}


supervisor! { App(path: impl Into<String>) { strategy: one_for_one, children: [Disk(path)] } }

async fn uses() {
    App::start_link("/data").await.unwrap();
}

fn main() {}
