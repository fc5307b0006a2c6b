use std::rc::Rc;

use suptree::prelude::*;

macro_rules! server {
    ($name:ident, $body:block) => {
        #[derive(Default)]
        struct $name(u8);

        #[genserver]
        impl $name {
            #[call]
            async fn get(&mut self) -> u8 $body
        }
    };
}

server!(Cache, {
    let shared = Rc::new(1);
    std::future::ready(()).await;
    *shared
});

fn main() {}
