//! Methods and arguments named like the prelude's types, traits and functions, and like std's crates.

#![deny(warnings)]
#![allow(clippy::too_many_arguments)]

use suptree::prelude::*;

#[derive(Default)]
struct Option_(u8);

#[genserver]
impl Option_ {
    #[call]
    fn option(&self) -> Option<u8> {
        Some(self.0)
    }

    #[call]
    fn some(&self, none: u8) -> u8 {
        none
    }

    #[call]
    fn string(&self, string: String) -> String {
        string
    }

    #[call]
    fn result(&self, ok: u8, err: u8) -> Result<u8, u8> {
        if ok > err { Ok(ok) } else { Err(err) }
    }

    #[cast]
    fn vec(&mut self, vec: Vec<u8>) {
        self.0 = vec.len() as u8;
    }

    #[cast]
    fn drop(&mut self, core: u8, std: u8, suptree: u8) {
        self.0 = core + std + suptree;
    }

    #[call]
    fn default(&self) -> Self {
        Self(1)
    }

    #[call]
    fn into(&self) -> u8 {
        2
    }

    #[call]
    fn from(&self) -> u8 {
        3
    }

    #[cast]
    fn send(&mut self, send: u8, sync: u8) {
        self.0 = send + sync;
    }

    #[info]
    fn box_(&mut self, r#box: Box<u8>) {
        self.0 = *r#box;
    }

    #[call]
    fn future(&self, poll: u8, waker: u8, pin: u8) -> u8 {
        poll + waker + pin
    }

    #[call]
    fn names(
        &self,
        cx: u8,
        server: u8,
        state: u8,
        request: u8,
        reply: u8,
        message: u8,
        args: u8,
        how: u8,
    ) -> u8 {
        cx + server + state + request + reply + message + args + how
    }

    #[cast]
    async fn waits(&mut self, cx: u8, server: u8, never: u8, part: u8, future: u8) {
        self.0 = cx + server + never + part + future;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let option: Option_Client = Option_::start().await?;
    option.vec(vec![1, 2]).await?;
    assert_eq!(option.option().await?, Some(2));
    assert_eq!(option.some(1).await?, 1);
    assert_eq!(option.string("text").await?, "text");
    assert_eq!(option.result(1, 2).await?, Err(2));
    option.drop(1, 2, 3).await?;
    assert_eq!(option.option().await?, Some(6));
    assert_eq!(option.default().await?.0, 1);
    assert_eq!(Option_Client::into(&option).await?, 2);
    assert_eq!(option.from().await?, 3);
    option.send(1, 2).await?;
    option.box_(Box::new(9)).await?;
    assert_eq!(option.option().await?, Some(9));
    assert_eq!(option.future(1, 2, 3).await?, 6);
    assert_eq!(option.names(1, 1, 1, 1, 1, 1, 1, 1).await?, 8);
    option.waits(1, 1, 1, 1, 1).await?;
    assert_eq!(option.option().await?, Some(5));
    Ok(())
}
