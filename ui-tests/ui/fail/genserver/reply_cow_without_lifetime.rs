use suptree::prelude::*;

use std::borrow::Cow;

#[derive(Default)]
struct Log(String);

#[genserver]
impl Log {
    #[call]
    fn last(&self) -> Cow<str> {
        Cow::Borrowed(&self.0)
    }
}

fn main() {}
