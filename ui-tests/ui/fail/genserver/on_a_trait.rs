use suptree::prelude::*;

#[genserver]
trait Cache {
    fn get(&self) -> u8;
}

fn main() {}
