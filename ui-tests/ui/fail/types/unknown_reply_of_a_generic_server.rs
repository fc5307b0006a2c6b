use suptree::prelude::*;

#[derive(Default)]
struct Stack<T>(Vec<T>);

#[genserver]
impl<T> Stack<T> {
    #[init]
    fn init() -> Self {
        Self(Vec::new())
    }

    #[call]
    fn pop(&mut self) -> Item {
        self.0.pop()
    }
}

fn main() {}
