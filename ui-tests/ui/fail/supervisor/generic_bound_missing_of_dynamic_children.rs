use suptree::prelude::*;

trait Mailer: Clone + Send + 'static {}

struct Post<M>(M);

#[genserver]
impl<M: Mailer> Post<M> {
    #[init]
    fn init(mailer: M) -> Self {
        Self(mailer)
    }
}

supervisor! { Posts<M> { dynamic: Post<M> } }

fn main() {}
