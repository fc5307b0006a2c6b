use std::rc::Rc;

use suptree::prelude::*;

struct Job(Rc<u8>);

#[derive(Default)]
struct Press(u8);

#[genserver]
impl Press {
    #[cast]
    async fn print(&mut self, job: Job) {
        std::future::ready(()).await;
        self.0 = *job.0;
    }
}

async fn print(press: PressClient, job: Job) -> Result<(), CastError> {
    press.print(job).await
}

fn main() {}
