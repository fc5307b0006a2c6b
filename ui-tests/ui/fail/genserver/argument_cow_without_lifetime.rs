use suptree::prelude::*;

use std::borrow::Cow;

#[derive(Default)]
struct Log(Vec<String>);

#[genserver]
impl Log {
    #[cast]
    fn write(&mut self, line: Cow<str>) {
        self.0.push(line.into_owned());
    }
}

fn main() {}
