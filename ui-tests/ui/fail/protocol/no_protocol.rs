use suptree::prelude::*;

trait KeyValue {}

#[derive(Default)]
struct Memory;

#[genserver(protocols(KeyValue))]
impl Memory {}

fn main() {}
