//! A crate that does not have `suptree` by any name, but a macro of one that does.

suptree_consumer_renamed::echo! { Parrot }

#[tokio::test]
async fn a_server_made_by_another_crates_macro() {
    let echoes = Echoes::start_link().await.unwrap();
    assert_eq!(echoes.echo().say("hola").await.as_deref(), Ok("hola"));
    echoes.stop().await.unwrap();
}
