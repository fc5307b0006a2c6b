//! Names in protocols that mean something elsewhere, and protocols in functions and macros.

#![deny(warnings)]
#![allow(non_snake_case)]

use suptree::prelude::*;
use suptree::protocol;

#[protocol]
trait Odd {
    #[call]
    fn clone(&self, S: u8, M: u8, C: u8) -> u8;
    #[call]
    fn from(&self, to: u8, client: u8, mock: u8) -> u8;
    #[call]
    fn call(&self, call: String) -> String;
    #[cast]
    fn cast(&mut self, server: u8, f: u8);
    #[cast]
    fn r#match(&mut self, r#type: u8, _: u8);
    #[call]
    fn größe(&self) -> usize;
    #[call]
    fn u64(&self, S2: u64) -> u64;
    #[call]
    fn words(&self) -> String;
}

#[derive(Default)]
struct Server;

#[genserver(protocols(Odd))]
impl Server {
    #[call]
    fn clone(&self, S: u8, M: u8, C: u8) -> u8 {
        S + M + C
    }

    #[call]
    fn from(&self, to: u8, client: u8, mock: u8) -> u8 {
        to + client + mock
    }

    #[call]
    fn call(&self, call: String) -> String {
        call
    }

    #[cast]
    fn cast(&mut self, server: u8, f: u8) {
        let _ = server + f;
    }

    #[cast]
    fn r#match(&mut self, r#type: u8, _: u8) {
        let _ = r#type;
    }

    #[call]
    fn größe(&self) -> usize {
        7
    }

    #[call]
    fn u64(&self, S2: u64) -> u64 {
        S2
    }

    #[call]
    fn words(&self) -> String {
        "words".to_owned()
    }
}

macro_rules! declared {
    ($protocol:ident, $server:ident, $method:ident: $reply:ty = $value:expr) => {
        #[protocol]
        trait $protocol {
            #[call]
            fn $method(&self) -> $reply;
        }

        #[derive(Default)]
        struct $server;

        #[genserver(protocols($protocol))]
        impl $server {
            #[call]
            fn $method(&self) -> $reply {
                $value
            }
        }
    };
}

declared!(Numbers, One, number: u8 = 1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[protocol]
    trait Local {
        #[call]
        fn local(&self) -> u8;
    }

    #[derive(Default)]
    struct Here;

    #[genserver(protocols(Local))]
    impl Here {
        #[call]
        fn local(&self) -> u8 {
            2
        }
    }

    let odd: OddClient = Into::into(Server::start().await?);
    assert_eq!(odd.clone(1, 2, 3).await?, 6);
    assert_eq!(odd.from(1, 2, 3).await?, 6);
    assert_eq!(odd.call("text").await?, "text");
    odd.cast(1, 2).await?;
    odd.r#match(1, 2).await?;
    assert_eq!(odd.größe().await?, 7);
    assert_eq!(odd.u64(8).await?, 8);
    assert_eq!(odd.words().await?, "words");
    let one: NumbersClient = One::start().await?.into();
    assert_eq!(one.number().await?, 1);
    let here: LocalClient = Here::start().await?.into();
    assert_eq!(here.local().await?, 2);
    Ok(())
}
