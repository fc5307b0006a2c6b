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

supervisor! { All { dynamic: Room | Cache } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let all = All::start_link().await?;
    all.start_child::<Room>(()).await?.get().await?;
    all.start_child::<Cache>(()).await?.get().await?;
    Ok(())
}
