use std::pin::Pin;

use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[cast]
    fn save(self: Pin<&mut Self>, new: u8) {
        drop(new);
    }
}

fn main() {}
