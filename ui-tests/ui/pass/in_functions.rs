//! Servers and supervisors inside of functions, blocks, closures, methods and constants.

#![deny(warnings)]

use suptree::prelude::*;

trait Count {
    fn count() -> impl Future<Output = u8>;
}

struct Outer;

impl Count for Outer {
    async fn count() -> u8 {
        struct Inner(u8);

        #[genserver]
        impl Inner {
            #[init]
            fn init(start: Start) -> Self {
                Self(start.0)
            }

            #[call]
            fn count(&self) -> u8 {
                self.0
            }
        }

        struct Start(u8);

        let inner = Inner::start(Start(3)).await.expect("it starts");
        inner.count().await.expect("an answer")
    }
}

async fn same_names_twice() -> u8 {
    let one = {
        #[derive(Default)]
        struct Local;
        #[genserver]
        impl Local {
            #[call]
            fn number(&self) -> u8 {
                1
            }
        }
        Local::start().await.expect("it starts").number().await
    };
    let two = async {
        #[derive(Default)]
        struct Local;
        #[genserver]
        impl Local {
            #[call]
            fn number(&self) -> u8 {
                2
            }
        }
        supervisor! { Tree { strategy: one_for_one, children: [Local as local] } }
        let tree = Tree::start_link().await.expect("it starts");
        tree.local().number().await
    };
    one.expect("an answer") + two.await.expect("an answer")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(Outer::count().await, 3);
    assert_eq!(same_names_twice().await, 3);
}
