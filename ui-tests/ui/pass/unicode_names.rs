//! Names in other scripts, decomposed letters among them.

#![deny(warnings)]

use suptree::prelude::*;

#[derive(Default)]
struct Größe {
    länge: u32,
}

#[genserver(name = "größe")]
impl Größe {
    #[call]
    fn länge(&self) -> u32 {
        self.länge
    }

    #[cast]
    fn ändern(&mut self, neue_länge: u32) {
        self.länge = neue_länge;
    }

    #[call]
    async fn été(&self, σημείο: u32) -> u32 {
        σημείο + self.länge
    }

    #[info]
    fn ß(&mut self, _änderung: Änderung) {
        self.länge += 1;
    }
}

struct Änderung;

#[derive(Default)]
struct 名前(String);

#[genserver]
impl 名前 {
    #[cast]
    fn 変更(&mut self, 値: String) {
        self.0 = 値;
    }

    #[call]
    fn 値(&self) -> String {
        self.0.clone()
    }
}

supervisor! { Äpfel { strategy: one_for_one, children: [Größe, 名前 as 名前] } }

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = Äpfel::start_link().await?;
    let größe: GrößeClient = app.größe();
    größe.ändern(3).await?;
    größe.send(Änderung).await?;
    größe.ß(Änderung).await?;
    assert_eq!(größe.länge().await?, 5);
    assert_eq!(größe.été(1).await?, 6);
    let 客 = app.名前();
    客.変更("新しい").await?;
    assert_eq!(客.値().await?, "新しい");
    Ok(())
}
