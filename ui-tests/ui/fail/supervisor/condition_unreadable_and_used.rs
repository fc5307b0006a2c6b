use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

supervisor! {
    App(#[cfg(feature = audit)] _audit: bool) {
        strategy: one_for_one,
        children: [Cache as cache],
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link(true).await?;
    app.cache().get().await?;
    Ok(())
}

fn main() {}
