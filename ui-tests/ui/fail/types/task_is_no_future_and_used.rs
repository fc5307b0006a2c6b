use suptree::prelude::*;

struct Page(u8);

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(task)]
    fn get(&self) -> Page {
        Page(self.0)
    }

    #[call]
    async fn size(&self) -> u8 {
        self.0
    }
}

supervisor! { App { strategy: one_for_one, children: [Cache] } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link().await?;
    println!("{}", app.cache().get().await?.0 + app.cache().size().await?);
    Ok(())
}
