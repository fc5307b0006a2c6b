use suptree::prelude::*;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

supervisor! { App { strategy: one_for_one, max_restarts: *, children: [Cache] } }

fn main() {}
