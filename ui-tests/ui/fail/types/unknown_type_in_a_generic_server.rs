use suptree::prelude::*;

#[derive(Default)]
struct Stack<T>(Vec<T>);

#[genserver]
impl<T: Send + 'static> Stack<T> {
    #[init]
    fn init() -> Self {
        Self(Vec::new())
    }

    #[cast]
    fn push(&mut self, _all: Vec<Item>) {}
}

fn main() {}
