use suptree::protocol;

#[protocol]
trait KeyValue {
    #[init]
    fn init(&self);
}

fn main() {}
