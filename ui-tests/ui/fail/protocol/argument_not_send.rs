use std::rc::Rc;

use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: Rc<str>) -> Option<u64>;
}

fn main() {}
