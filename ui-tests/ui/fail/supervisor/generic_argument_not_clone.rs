use suptree::prelude::*;

trait Mailer: Send + 'static {}

struct Post<M>(M);

#[genserver]
impl<M: Mailer> Post<M> {
    #[init]
    fn init(mailer: M) -> Self {
        Self(mailer)
    }
}

struct Smtp;

impl Mailer for Smtp {}

supervisor! { App<M: Mailer>(mailer: M) { strategy: one_for_one, children: [Post<M>(mailer) as post] } }

fn main() {
    let _ = App::start_link(Smtp);
}
