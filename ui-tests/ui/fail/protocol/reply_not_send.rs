use std::rc::Rc;

use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: String) -> Rc<str>;
}

fn main() {}
