//! Servers beside each other with the same methods, arguments and messages; and the same name in several modules.

#![deny(warnings)]

use suptree::prelude::*;

struct Tick;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }

    #[cast]
    fn set(&mut self, new: u8) {
        self.0 = new;
    }

    #[info]
    fn tick(&mut self, _tick: Tick) {
        self.0 += 1;
    }
}

#[derive(Default)]
struct CacheGet(u16);

#[genserver]
impl CacheGet {
    #[call]
    fn get(&self) -> u16 {
        self.0
    }

    #[call]
    fn call(&self) -> u16 {
        2
    }

    #[cast]
    fn set(&mut self, new: u16) {
        self.0 = new;
    }

    #[info]
    fn tick(&mut self, _tick: Tick) {
        self.0 += 1;
    }
}

mod inner {
    use suptree::prelude::*;

    #[derive(Default)]
    pub struct Cache(pub String);

    #[genserver]
    impl Cache {
        #[call]
        pub fn get(&self) -> String {
            self.0.clone()
        }
    }
}

/// Under a glob import of all that is outside, in a module and in a function.
mod mocks {
    use super::*;

    #[derive(Default)]
    pub struct Cache;

    #[genserver]
    impl Cache {
        #[call]
        pub fn get(&self) -> u32 {
            4
        }
    }

    pub async fn local() -> Result<u32, Box<dyn std::error::Error>> {
        use super::*;

        #[derive(Default)]
        struct Cache;

        #[genserver]
        impl Cache {
            #[call]
            fn get(&self) -> u32 {
                5
            }
        }

        let local: CacheClient = Cache::start().await?;
        Ok(local.get().await?)
    }
}

/// Written by a `macro_rules!`, which stands in one place for all of them.
macro_rules! echo {
    () => {
        #[derive(Default)]
        pub struct Echo;

        #[genserver]
        impl Echo {
            #[call]
            pub fn echo(&self, word: String) -> String {
                word
            }
        }
    };
}

echo!();

mod echoes {
    use super::*;

    echo!();

    pub async fn local() -> Result<String, Box<dyn std::error::Error>> {
        use super::*;

        echo!();

        let local: EchoClient = Echo::start().await?;
        Ok(local.echo("inside").await?)
    }
}

supervisor! {
    Both { strategy: one_for_one, children: [Cache as one, CacheGet as two, inner::Cache as three] }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let both = Both::start_link().await?;
    both.one().set(1).await?;
    both.one().send(Tick).await?;
    both.two().set(300).await?;
    both.two().send(Tick).await?;
    assert_eq!(both.one().get().await?, 2);
    assert_eq!(both.two().get().await?, 301);
    assert_eq!(both.two().call().await?, 2);
    assert_eq!(both.three().get().await?, "");
    let mock: mocks::CacheClient = mocks::Cache::start().await?;
    assert_eq!(mock.get().await?, 4);
    assert_eq!(mocks::local().await?, 5);
    assert_eq!(Echo::start().await?.echo("a").await?, "a");
    assert_eq!(echoes::Echo::start().await?.echo("b").await?, "b");
    assert_eq!(echoes::local().await?, "inside");
    Ok(())
}
