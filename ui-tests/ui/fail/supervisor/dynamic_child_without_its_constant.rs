use suptree::prelude::*;

#[derive(Default)]
struct Ring<const N: usize>(u64);

#[genserver]
impl<const N: usize> Ring<N> {
    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

supervisor! { App { dynamic: Ring } }

fn main() {}
