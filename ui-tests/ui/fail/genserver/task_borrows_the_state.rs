use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(task)]
    fn get(&self) -> impl Future<Output = u8> + Send {
        async { self.0 }
    }
}

fn main() {}
