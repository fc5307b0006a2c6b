//! Servers, handlers and types of every visibility.

#![deny(warnings, private_interfaces, private_bounds, unreachable_pub)]
#![allow(dead_code)]

mod outer {
    pub(crate) mod inner {
        use suptree::prelude::*;

        // More private than the server.
        #[derive(Clone)]
        struct Secret(u8);

        pub(crate) struct Vault(Secret);

        #[genserver]
        impl Vault {
            #[init]
            fn init(secret: u8) -> Self {
                Self(Secret(secret))
            }

            #[call]
            fn fill(&mut self, with: Secret) {
                self.0 = with;
            }

            #[call]
            fn open(&self) -> Secret {
                self.0.clone()
            }

            #[cast]
            pub(super) fn close(&mut self, with: u8) {
                self.0 = Secret(with);
            }

            #[call]
            pub(in crate::outer) fn is_open(&self) -> bool {
                self.0.0 == 0
            }

            #[call]
            pub(crate) fn number(&self) -> u8 {
                self.0.0
            }
        }

        pub(crate) fn uses(vault: &VaultClient) {
            let _unsent = (
                vault.open(),
                vault.fill(Secret(1)),
                vault.close(1),
                vault.is_open(),
                vault.number(),
            );
        }

        // A private server with a public handler.
        #[derive(Default)]
        struct Hidden;

        #[genserver(client = pub(crate) HiddenHandle)]
        impl Hidden {
            #[call]
            pub(crate) fn get(&self) {}
        }

        supervisor! { pub(super) App { strategy: one_for_one, children: [Hidden] } }
    }

    fn uses(vault: &inner::VaultClient) {
        let _unsent = (vault.close(1), vault.is_open(), vault.number());
    }
}

fn uses(vault: &outer::inner::VaultClient) {
    let _unsent = vault.number();
}

// A client is of its server's type: where that is not visible, the client of a protocol goes.
mod hidden {
    use suptree::prelude::*;

    #[protocol]
    pub(crate) trait Counts {
        #[call]
        fn get(&self) -> u8;
    }

    #[derive(Default)]
    struct Counter(u8);

    #[genserver(client = pub(crate) CounterClient, protocols(Counts))]
    impl Counter {
        #[call]
        pub(crate) fn get(&self) -> u8 {
            self.0
        }
    }

    pub(crate) async fn start() -> Result<CountsClient, StartError> {
        let counter: CounterClient = Counter::start().await?;
        let _ = counter.get().await;
        Ok(counter.into())
    }
}

#[allow(unused_imports)]
pub(crate) use hidden::CounterClient;

async fn counts(counts: hidden::CountsClient) -> u8 {
    let other = hidden::start().await;
    let other = other.map(|other| async move { other.get().await.unwrap_or_default() });
    drop(other);
    counts.get().await.unwrap_or_default()
}

fn main() {}
