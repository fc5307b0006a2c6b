//! Servers, protocols and supervisors with the names that type parameters have, in our code as in the user's.

#![deny(warnings)]

use suptree::prelude::*;

#[derive(Default)]
struct A(String);

#[genserver]
impl A {
    #[call]
    fn len(&self) -> usize {
        self.0.len()
    }

    #[cast]
    fn set(&mut self, text: String, suffix: impl Into<String>) {
        self.0 = text + &suffix.into();
    }
}

struct A2<T>(T);

#[genserver]
impl<T: Clone + Send + 'static> A2<T> {
    #[init]
    fn init(first: T, name: String) -> Self {
        assert_eq!(name, "second");
        Self(first)
    }

    #[call]
    fn get(&self, key: String) -> T {
        assert_eq!(key, "key");
        self.0.clone()
    }
}

#[protocol]
trait C {
    #[call]
    fn len(&self) -> usize;
    #[cast]
    fn set(&mut self, text: String, suffix: String);
}

#[protocol]
trait M {
    #[call]
    fn len(&self) -> usize;
}

#[protocol]
trait S {
    #[cast]
    fn set(&mut self, text: String, suffix: String);
}

#[derive(Default)]
struct R(usize);

#[genserver(protocols(C, M, S))]
impl R {
    #[call]
    fn len(&self) -> usize {
        self.0
    }

    #[cast]
    fn set(&mut self, text: String, suffix: String) {
        self.0 = text.len() + suffix.len();
    }
}

supervisor! { F { strategy: one_for_one, children: [A, A2<u8>(2, "second") as a2, R] } }

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let f = F::start_link().await?;
    f.a().set("one", "more").await?;
    assert_eq!(f.a().len().await?, 7);
    assert_eq!(f.a2().get("key").await?, 2);
    SClient::from(f.r()).set("one", "two").await?;
    CClient::from(f.r()).set("three", "four").await?;
    assert_eq!(CClient::from(f.r()).len().await?, 9);
    assert_eq!(MClient::from(f.r()).len().await?, 9);
    Ok(())
}
