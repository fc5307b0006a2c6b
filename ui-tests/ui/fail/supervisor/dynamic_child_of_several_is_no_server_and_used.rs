use suptree::prelude::*;

struct Cache;

#[derive(Default)]
struct Room;

#[genserver]
impl Room {
    #[call]
    fn get(&self) -> u8 {
        1
    }
}

supervisor! { All(config: String) { dynamic: Room | Cache, extra_arguments: [config] } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let all = All::start_link("x").await?;
    all.start_child::<Room>(()).await?.get().await?;
    all.start_child::<Cache>(()).await?.get().await?;
    Ok(())
}
