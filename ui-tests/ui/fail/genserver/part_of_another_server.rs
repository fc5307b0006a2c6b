use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver(parts(Limits))]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

#[derive(Default)]
struct Index(u8);

#[genserver(parts(Limits))]
impl Index {}

#[genserver(part = Limits)]
impl Index {
    #[cast]
    fn limit(&mut self, to: u8) {
        self.0 = to;
    }
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [Cache, Index],
    }
}

async fn used() {
    let app = App::start_link().await.unwrap();
    let _ = app.cache().get().await;
    let _ = app.index().limit(1).await;
}

fn main() {}
