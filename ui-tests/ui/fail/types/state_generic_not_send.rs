use std::rc::Rc;

use suptree::prelude::*;

struct Stack<T>(Rc<Vec<T>>);

#[genserver]
impl<T: Clone + Send + 'static> Stack<T> {
    #[init]
    fn init(items: Vec<T>) -> Self {
        Self(Rc::new(items))
    }

    #[call]
    fn top(&self) -> Option<T> {
        self.0.last().cloned()
    }
}

fn main() {}
