use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn later(&self, reply: ReplyTo<Rc<u8>>) {
        reply.send(Rc::new(self.0));
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start_link().await?;
    println!("{}", cache.later().await?);
    Ok(())
}
