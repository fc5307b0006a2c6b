use std::rc::Rc;

use suptree::protocol;

struct Key(Rc<str>);

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: Key) -> Option<u64>;
}

fn main() {
    let _ = |key: Key| key.0;
}
