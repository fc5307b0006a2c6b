use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    fn size(&self) -> usize {
        0
    }
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [Cache users, Cache as rooms],
    }
}

async fn used() {
    let app = App::start_link().await.unwrap();
    let _ = app.users().size().await;
    let _ = app.rooms().size().await;
}

fn main() {}
