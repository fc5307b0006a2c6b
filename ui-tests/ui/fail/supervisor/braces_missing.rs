use suptree::prelude::*;

supervisor! { App }

fn main() {}
