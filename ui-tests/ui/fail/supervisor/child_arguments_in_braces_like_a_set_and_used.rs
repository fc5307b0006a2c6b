use suptree::prelude::*;

struct Kept(u8);

#[genserver]
impl Kept {
    #[init]
    fn init(size: u8) -> Self {
        Self(size)
    }

    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

supervisor! { App { strategy: one_for_one, children: [Kept { 1 }] } }

async fn get(app: App) -> Result<u8, CallError> {
    app.kept().get().await
}

fn main() {}
