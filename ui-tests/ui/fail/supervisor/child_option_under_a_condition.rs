use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! {
    App { strategy: one_for_one, children: [Cache { #[cfg(unix)] restart: transient }] }
}

fn main() {}
