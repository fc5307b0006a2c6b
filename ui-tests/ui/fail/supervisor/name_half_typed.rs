//! While the name is typed there is nothing behind it.

use suptree::prelude::*;

supervisor! { App(name =) }

fn main() {}
