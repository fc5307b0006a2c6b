use suptree::prelude::*;

#[derive(Default)]
struct Room;

#[genserver]
impl Room {}

supervisor! { App { strategy: one_for_one, children: [dynamc rooms: Room] } }

async fn start(app: &App) -> Result<RoomClient, StartChildError> {
    app.rooms().start_child(()).await
}

fn main() {}
