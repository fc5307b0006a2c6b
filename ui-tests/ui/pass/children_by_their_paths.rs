//! Children whose types are what is associated with another, or that are found in a list; and handlers whose bodies a `macro_rules!` was given.

#![deny(warnings)]

use suptree::prelude::*;

macro_rules! server {
    ($name:ident $body:block) => {
        #[derive(Default)]
        struct $name;

        #[genserver]
        impl $name {
            #[call]
            fn number(&self) -> u8 $body
        }
    };
}

server! { One { 1 } }
server! { Two { 1 + 1 } }

trait Parts {
    type Cache;
}

struct Product;

impl Parts for Product {
    type Cache = One;
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            <Product as Parts>::Cache as cache,
            Two,
            dynamic more: <Product as Parts>::Cache,
            partition pool: <Product as Parts>::Cache,
        ],
    }
}

const SPECS: [fn() -> suptree::ChildSpec; 2] = [One::child_spec, Two::child_spec];

supervisor! {
    Listed(specs: Vec<fn() -> suptree::ChildSpec>) {
        strategy: one_for_one,
        children: [SPECS[0]() as first, specs[0]() as second],
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link().await?;
    assert_eq!(app.cache().number().await?, 1);
    assert_eq!(app.two().number().await?, 2);
    assert_eq!(app.more().start_child(()).await?.number().await?, 1);
    assert_eq!(app.pool().route("joe").number().await?, 1);
    let listed = Listed::start_link(vec![Two::child_spec as fn() -> suptree::ChildSpec]).await?;
    assert_eq!(listed.which_children().await?.len(), 2);
    Ok(())
}
