use std::rc::Rc;

use suptree::prelude::*;

struct Key(Rc<u8>);

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn first(&self) -> Key {
        Key(Rc::new(self.0))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start_link().await?;
    println!("{}", cache.first().await?.0);
    Ok(())
}
