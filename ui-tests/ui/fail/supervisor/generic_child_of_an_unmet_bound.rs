use suptree::prelude::*;

struct Sorted<T>(Vec<T>);

#[genserver]
impl<T: Ord + Clone + Send + 'static> Sorted<T> {
    #[init]
    fn init(first: T) -> Self {
        Self(vec![first])
    }
}

supervisor! { App { strategy: one_for_one, children: [Sorted<f64>(1.0) as sorted] } }

fn main() {}
