use suptree::prelude::*;

supervisor! { App(id: u8, name = format!("app_{id}")) { strategy: one_for_one, children: [] } }

fn main() {}
