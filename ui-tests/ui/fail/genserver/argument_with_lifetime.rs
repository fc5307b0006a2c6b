use std::borrow::Cow;

use suptree::prelude::*;

#[derive(Default)]
struct Cache(String);

#[genserver]
impl Cache {
    #[cast]
    fn save<'a>(&mut self, new: Cow<'a, str>) {
        self.0 = new.into_owned();
    }
}

fn main() {}
