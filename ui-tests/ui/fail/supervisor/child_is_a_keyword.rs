//! A child is named by its type, which is no keyword.

use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}

supervisor! { App { strategy: one_for_one, children: [Cache, impl] } }

fn main() {}
