use suptree::prelude::*;

trait Mailer: Clone + Send + 'static {}

struct Post<M: Mailer>(M);

#[genserver]
impl<M: Mailer> Post<M> {
    #[init]
    fn init(mailer: M) -> Self {
        Self(mailer)
    }
}

supervisor! { App<M>(mailer: M) { strategy: one_for_one, children: [Post<M>(mailer) as post] } }

fn main() {}
