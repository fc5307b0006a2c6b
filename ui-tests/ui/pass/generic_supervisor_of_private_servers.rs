//! What nobody outside can name is no warning: neither of a server that a supervisor keeps to itself, nor of a type that only a bound tells.
#![deny(warnings)]

mod store {
    use suptree::prelude::*;

    pub trait Backend: Clone + Send + Sync + 'static {
        type Key: Clone + Send + Sync + 'static;
        fn key(&self) -> Self::Key;
    }

    struct Keeper<T>(T);

    #[genserver]
    impl<T: Clone + Send + Sync + 'static> Keeper<T> {
        #[init]
        fn init(value: T) -> Self {
            Self(value)
        }

        #[call]
        fn get(&self) -> T {
            self.0.clone()
        }
    }

    struct Copies<T>(KeeperClient<T>)
    where
        T: Clone + Send + Sync + 'static;

    #[genserver]
    impl<T: Clone + Send + Sync + 'static> Copies<T> {
        #[init]
        fn init(keeper: KeeperClient<T>) -> Self {
            Self(keeper)
        }

        #[call]
        async fn copy(&self) -> Result<T, CallError> {
            self.0.get().await
        }
    }

    supervisor! {
        pub App<B: Backend>(backend: B) {
            strategy: one_for_one,
            children: [
                Keeper<B>(backend) as whole,
                Keeper<B::Key>(backend.key()) as keeper,
                Copies<B::Key>(keeper) as copies,
                for key in [backend.key(), backend.key()] => Keeper<B::Key>(key) as keepers,
                supervisor Inside {
                    strategy: one_for_all,
                    children: [Keeper<B::Key>(backend.key()) as inner],
                },
            ],
        }
    }

    impl<B: Backend> App<B> {
        pub async fn keys(&self) -> Result<Vec<B::Key>, CallError> {
            self.whole().get().await?;
            let mut keys = vec![self.keeper().get().await?, self.copies().copy().await??];
            for keeper in self.keepers() {
                keys.push(keeper.get().await?);
            }
            keys.push(self.inside().inner().get().await?);
            Ok(keys)
        }
    }
}

#[derive(Clone)]
struct Seven;

impl store::Backend for Seven {
    type Key = u8;

    fn key(&self) -> u8 {
        7
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = store::App::start_link(Seven).await?;
    assert_eq!(app.keys().await?, [7; 5]);
    Ok(())
}
