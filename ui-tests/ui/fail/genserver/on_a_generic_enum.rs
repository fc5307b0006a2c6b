use suptree::prelude::*;

#[genserver]
pub enum Door<T> {
    Open(T),
    Closed,
}

fn main() {}
