use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(Vec<u8>);

#[genserver]
impl Cache {
    #[call]
    async fn get(&mut self) -> u8 {
        let shared = Rc::new(1);
        self.0.push(1);
        if let Some(last) = self.0.last_mut() {
            let more = *last + 1;
            *last = more;
        }
        self.0.push(2);
        self.0.push(3);
        std::future::ready(()).await;
        *shared
    }
}

fn main() {}
