//! A protocol of one crate, a server of another, which both are here.

#![deny(warnings)]

use suptree::prelude::*;
use suptree_ui_tests::protocols::{self, Greets as Says, GreetsClient};

#[derive(Default)]
struct Spanish;

#[genserver(protocols(Says))]
impl Spanish {
    #[call]
    fn greet(&self, name: String) -> String {
        format!("hola {name}")
    }
}

#[derive(Default)]
struct French;

#[genserver(protocols(protocols::Greets))]
impl French {
    #[call]
    async fn greet(&self, name: String) -> String {
        format!("salut {name}")
    }
}

struct Mute;

impl Says for Mute {
    fn greet(&self, _name: String) -> String {
        String::new()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let all: Vec<GreetsClient> = vec![
        Spanish::start().await?.into(),
        French::start().await?.into(),
        GreetsClient::stand_in(Mute),
    ];
    assert_eq!(
        protocols::all(&all, "Ana").await?,
        ["hola Ana", "salut Ana", ""]
    );
    Ok(())
}
