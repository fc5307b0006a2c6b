use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call(task)]
    fn get(&self) -> impl Future + use<> {
        let n = self.0;
        async move { n }
    }
}

fn main() {}
