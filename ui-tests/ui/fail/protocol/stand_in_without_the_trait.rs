use suptree::protocol;

#[protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: String) -> Option<u64>;
}

struct Fixed;

fn main() {
    let _ = KeyValueClient::stand_in(Fixed);
}
