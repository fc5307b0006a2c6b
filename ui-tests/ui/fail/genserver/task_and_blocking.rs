use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(task, blocking)]
    fn get(&self) -> impl Future<Output = u8> + use<> {
        let n = self.0;
        async move { n }
    }
}

fn main() {}
