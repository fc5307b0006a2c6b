use std::rc::Rc;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(task)]
    fn get(&self) -> impl Future<Output = u8> + use<> {
        let n = Rc::new(self.0);
        async move {
            std::future::ready(()).await;
            *n
        }
    }
}

fn main() {}
