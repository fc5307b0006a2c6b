use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn vacant(&self) -> bool;
}

fn main() {}
