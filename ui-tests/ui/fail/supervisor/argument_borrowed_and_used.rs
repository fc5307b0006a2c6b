use suptree::prelude::*;

struct Disk(String);

#[genserver]
impl Disk {
    #[init]
    fn init(path: String) -> Self {
        Self(path)
    }
}


supervisor! { App(path: &str) { strategy: one_for_one, children: [Disk(path)] } }

async fn uses() {
    let app = App::start_link("/data").await.unwrap();
    app.disk();
}

fn main() {}
