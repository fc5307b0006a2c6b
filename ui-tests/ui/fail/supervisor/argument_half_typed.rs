//! While the arguments are typed there is nothing behind them.

use suptree::prelude::*;

supervisor! { App(config:) }

fn main() {}
