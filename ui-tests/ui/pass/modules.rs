//! Servers whose blocks name them by paths: `super::`, `self::`, `crate::`, renamed by `use`.

#![deny(warnings)]

use suptree::prelude::*;

#[derive(Default)]
pub struct Outer(u8);

mod handlers {
    use suptree::prelude::*;

    #[genserver]
    impl super::Outer {
        #[call]
        pub(crate) fn get(&self) -> u8 {
            self.0
        }

        #[cast]
        pub(super) fn set(&mut self, new: u8) {
            self.0 = new;
        }
    }
}

mod types {
    #[derive(Default)]
    pub struct Far(pub u8);

    pub mod inner {
        #[derive(Default)]
        pub struct Near(pub u8);
    }
}

use types::inner::Near as Renamed;

#[genserver]
impl self::types::Far {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

#[genserver]
impl Renamed {
    #[call]
    fn get(&self) -> u8 {
        self.0 + 1
    }
}

mod deep {
    pub mod deeper {
        #[derive(Default)]
        pub struct Deep;

        #[suptree::genserver(client = pub(in crate::deep) DeepHandle)]
        impl crate::deep::deeper::Deep {
            #[suptree::call]
            pub(in crate::deep) fn depth(&self) -> u8 {
                2
            }

            #[::suptree::cast]
            pub(in crate::deep) async fn dig(&mut self) {}
        }
    }

    pub async fn depth() -> u8 {
        let deep: deeper::DeepHandle = deeper::Deep::start().await.expect("it starts");
        deep.dig().await.expect("it is sent");
        deep.depth().await.expect("an answer")
    }
}

suptree::supervisor! {
    All { strategy: one_for_one, children: [Outer, types::Far as far, Renamed as near] }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let all = All::start_link().await?;
    let outer: handlers::OuterClient = all.outer();
    outer.set(3).await?;
    assert_eq!(outer.get().await?, 3);
    assert_eq!(all.far().get().await?, 0);
    let near: RenamedClient = all.near();
    assert_eq!(near.get().await?, 1);
    assert_eq!(deep::depth().await, 2);
    Ok(())
}
