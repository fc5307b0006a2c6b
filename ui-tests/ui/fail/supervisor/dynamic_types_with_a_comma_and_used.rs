use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u64 {
        1
    }
}

struct Room;

#[genserver]
impl Room {
    #[init]
    fn init(_number: u64) -> Self {
        Self
    }
}

supervisor! {
    App {
        dynamic: Cache, Room,
        max_children: 10,
    }
}

async fn open(app: AppRef) -> Result<(), Box<dyn std::error::Error>> {
    app.start_child::<Room>(1).await?;
    app.start_child::<Cache>(()).await?.get().await?;
    Ok(())
}

fn main() {}
