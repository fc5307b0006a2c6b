use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }

    #[info]
    fn set(&mut self, to: Rc<u8>) {
        self.0 = *to;
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", Cache::start_link().await?.get().await?);
    Ok(())
}
