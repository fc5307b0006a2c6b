use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[handle_continue]
    fn go(&mut self, by: Rc<u8>) {
        self.0 += *by;
    }

    #[call]
    fn get(&self, cx: &mut Context<Self>) -> u8 {
        cx.then().go(Rc::new(1));
        self.0
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cache = Cache::start_link().await?;
    println!("{}", cache.get().await?);
    Ok(())
}
