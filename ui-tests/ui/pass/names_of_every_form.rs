//! The option `name`: literals, constants, formats, tuples, enums, calls, arguments, generic keys.

#![deny(warnings)]

use std::fmt::Debug;
use std::hash::Hash;

use suptree::prelude::*;

const NAME: &str = "constant";

#[allow(non_upper_case_globals)]
static tiny: &str = "small";

#[allow(non_upper_case_globals)]
const tree: &str = "tree";

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Key {
    Room { id: u32 },
    Other(String),
}

macro_rules! named {
    ($server:ident($($arg:ident: $ty:ty),*) = $name:expr) => {
        struct $server;

        #[genserver(name = $name)]
        impl $server {
            #[init]
            fn init($($arg: $ty),*) -> Self {
                $(let _ = $arg;)*
                Self
            }

            #[call]
            fn one(&self) -> u8 {
                1
            }
        }
    };
}

named! { Literal() = "literal" }
named! { Constant() = NAME }
named! { Small() = tiny }
named! { Formatted(id: u32) = format!("room_{id:03}") }
named! { Tuple(id: u32, of: String) = ("room", id, of) }
named! { Enum(id: u32) = Key::Room { id } }
named! { Other(of: String) = Key::Other(of.to_uppercase()) }
named! { Called(a: u8, b: u8) = [a, b].iter().map(|n| u32::from(*n)).sum::<u32>() }
named! { Number(id: u64) = id }
named! { Chosen(a: Option<u8>) = match a { Some(n) if n > 3 => "more", Some(_) => "few", None => "none" } }

struct ByKey<K>(K);

#[genserver(name = (std::any::type_name::<K>(), key.clone()))]
impl<K: Hash + Eq + Debug + Clone + Send + Sync + 'static> ByKey<K> {
    #[init]
    fn init(key: K) -> Self {
        Self(key)
    }

    #[call]
    fn key(&self) -> K {
        self.0.clone()
    }
}

supervisor! { App(name = tree) { strategy: one_for_one, children: [Small] } }

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    App::start_link().await?;
    assert!(App::named().is_alive() && suptree::whereis("tree").is_some());
    assert_eq!(Small::named().one().await?, 1);
    Literal::start().await?;
    Constant::start().await?;
    Formatted::start(7).await?;
    Tuple::start(7, "a").await?;
    Enum::start(7).await?;
    Other::start("a").await?;
    Called::start(1, 2).await?;
    Number::start(7).await?;
    Chosen::start(Some(4)).await?;
    let mut all = Literal::named().one().await? + Constant::named().one().await?;
    all += Formatted::named(7).one().await? + Tuple::named(7, "a").one().await?;
    all += Enum::named(7).one().await? + Other::named("A").one().await?;
    all += Called::named(2, 1).one().await?
        + Number::named(7).one().await?
        + Chosen::named(Some(9)).one().await?;
    assert_eq!(all, 9);
    assert!(
        Number::whereis(&7).is_some() && Literal::whereis().is_some() && Enum::whereis(8).is_none()
    );
    assert!(suptree::whereis("room_007").is_some());
    ByKey::start(Key::Room { id: 1 }).await?;
    ByKey::start("text").await?;
    assert_eq!(ByKey::named("text").key().await?, "text");
    assert_eq!(
        ByKey::named(Key::Room { id: 1 }).key().await?,
        Key::Room { id: 1 }
    );
    Ok(())
}
