use std::rc::Rc;

use suptree::prelude::*;

struct Job(Rc<u8>);

#[derive(Default)]
struct Press(u8);

#[genserver]
impl Press {
    #[call]
    async fn size(&self) -> u8 {
        std::future::ready(self.0).await
    }

    #[cast]
    fn print(&mut self, job: Job) {
        self.0 = *job.0;
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let press = Press::start_link().await?;
    press.print(Job(Rc::new(1))).await?;
    press.size().await?;
    Ok(())
}
