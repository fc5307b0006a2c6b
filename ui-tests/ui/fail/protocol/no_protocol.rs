use suptree::prelude::*;
use suptree::protocol;

trait KeyValue {}

#[derive(Default)]
struct Memory;

#[genserver(protocols(KeyValue))]
impl Memory {}

fn main() {}
