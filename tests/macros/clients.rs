//! The client: its methods' builders, its options, its traits.

use std::path::PathBuf;
use std::sync::Arc;

use suptree::prelude::*;
use suptree::{Call, Cast, TrySendError};

use crate::support::ms;

#[derive(Default)]
struct Cache(Option<String>);

#[genserver]
impl Cache {
    #[call]
    async fn get(&self, after: u64) -> Option<String> {
        tokio::time::sleep(ms(after)).await;
        self.0.clone()
    }

    #[cast]
    fn save(&mut self, new: String) {
        self.0 = Some(new);
    }

    #[cast]
    fn save_path(
        &mut self,
        path: PathBuf,
        name: Arc<str>,
        kind: Box<str>,
        rest: std::borrow::Cow<'static, str>,
    ) {
        self.0 = Some(format!("{}/{name}.{kind}{rest}", path.display()));
    }

    #[call]
    fn map(&self, with: Box<dyn Fn(&str) -> String + Send>) -> Option<String> {
        self.0.as_deref().map(with)
    }

    #[call]
    fn maybe(&mut self, new: Option<String>, all: Vec<String>) -> usize {
        self.0 = new.or(all.first().cloned());
        all.len()
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_a_builder() {
    let cache = Cache::start().await.unwrap();
    assert_eq!(
        cache.get(100).timeout(ms(50)).await,
        Err(CallError::Timeout(ms(50)))
    );
    // Five seconds, if nothing is said.
    assert_eq!(cache.get(6_000).await, Err(CallError::Timeout(ms(5_000))));
    assert_eq!(cache.get(60_000).no_timeout().await, Ok(None));
    let call: Call<'_, _, Cache, _> = cache.get(0);
    assert_eq!(call.await, Ok(None));
}

#[tokio::test(start_paused = true)]
async fn a_cast_is_a_builder() {
    let cache = Cache::start().await.unwrap();
    cache.save("one").await.unwrap();
    let cast: Cast<'_, Cache, String> = cache.save("two");
    cast.timeout(ms(1)).await.unwrap();
    cache.save("three").try_send().unwrap();
    assert_eq!(cache.get(0).await.unwrap().as_deref(), Some("three"));
    cache.stop().await.unwrap();
    assert_eq!(cache.save("four").await, Err(CastError::NoProc));
    assert_eq!(cache.save("four").try_send(), Err(TrySendError::NoProc));
}

#[tokio::test]
async fn a_builder_that_is_dropped_does_nothing() {
    let cache = Cache::start().await.unwrap();
    drop(cache.save("never"));
    assert_eq!(cache.get(0).await, Ok(None));
}

#[tokio::test]
async fn texts_are_taken_as_they_come() {
    let cache = Cache::start().await.unwrap();
    cache.save("one").await.unwrap();
    cache.save(String::from("two")).await.unwrap();
    let three = String::from("three");
    cache.save(&three).await.unwrap();
    assert_eq!(cache.get(0).await.unwrap().as_deref(), Some("three"));
    cache.save_path("/tmp", "a", "txt", "~").await.unwrap();
    assert_eq!(cache.get(0).await.unwrap().as_deref(), Some("/tmp/a.txt~"));
}

#[tokio::test]
async fn other_arguments_are_taken_as_rust_takes_them() {
    let cache = Cache::start().await.unwrap();
    assert_eq!(cache.maybe(None, Vec::new()).await, Ok(0));
    assert_eq!(
        cache.maybe(None, vec!["one".into(), "two".into()]).await,
        Ok(2)
    );
    // Coerced to a trait object.
    assert_eq!(
        cache
            .map(Box::new(|text| text.repeat(2)))
            .await
            .unwrap()
            .as_deref(),
        Some("oneone")
    );
}

#[tokio::test]
async fn a_client_is_a_value_like_any_other() {
    fn sendable<T: Clone + Send + Sync + std::fmt::Debug + AsRef<ServerRef<Cache>> + 'static>(
        _: &T,
    ) {
    }

    let cache = Cache::start().await.unwrap();
    sendable(&cache);
    let (one, two) = (cache.clone(), CacheClient::from(ServerRef::clone(&cache)));
    let (one, two) = tokio::join!(tokio::spawn(async move { one.get(0).await }), two.get(0));
    assert_eq!((one.unwrap(), two), (Ok(None), Ok(None)));
    assert!(
        format!("{cache:?}").starts_with("CacheClient("),
        "{cache:?}"
    );
}

/// What it replies, and what it takes, lives for ever.
#[derive(Default)]
struct Sign(&'static str);

#[genserver(name = "sign")]
impl Sign {
    #[call]
    fn turn(&mut self, to: &'static str, by: &'static [u8]) -> (&'static str, usize) {
        (std::mem::replace(&mut self.0, to), by.len())
    }

    #[cast]
    fn write(&mut self, text: &'static str) {
        self.0 = text;
    }
}

/// One that asks it, in the future of a handler.
#[derive(Default)]
struct Painter;

#[genserver(name = "painter")]
impl Painter {
    #[call]
    async fn repaint(&self, to: &'static str) -> Result<&'static str, CallError> {
        Sign::named().write("wet").await_restart().await.ok();
        let (was, _) = Sign::named().turn(to, b"brush").await_restart().await?;
        Ok(was)
    }
}

/// A child whose argument lives for ever.
struct Letter(&'static str);

#[genserver]
impl Letter {
    #[init]
    fn init(text: &'static str) -> Self {
        Self(text)
    }

    #[call]
    fn text(&self) -> &'static str {
        self.0
    }
}

supervisor! { Letters(name = "letters") { dynamic: Letter } }

supervisor! {
    Street {
        strategy: one_for_one,
        children: [Sign, Painter, Letters, partition boxes: |_| Letter("kept") { partitions: 2 }],
    }
}

/// Whether a future that holds another is `Send` is asked with any lifetime in the place of `'static`.
#[tokio::test(start_paused = true)]
async fn what_lives_for_ever_is_held_in_tasks() {
    let street = Street::start_link().await.unwrap();
    let asking = tokio::spawn(async move {
        let sign = Sign::named();
        sign.write("new").await_restart().await.unwrap();
        sign.write("newer")
            .await_restart()
            .keep_args()
            .await
            .unwrap();
        sign.write("newest").owned().await_restart().await.unwrap();
        let kept = sign.write("last").owned().await_restart().keep_args().await;
        kept.unwrap();
        assert_eq!(sign.turn("a", b"").await_restart().await, Ok(("last", 0)));
        let kept = sign.turn("b", b"1").await_restart().keep_args().await;
        assert_eq!(kept.unwrap(), ("a", 1));
        assert_eq!(sign.turn("c", b"12").keep_args().await.unwrap(), ("b", 2));
        let owned = sign.turn("d", b"").owned().await_restart();
        assert_eq!(owned.await, Ok(("c", 0)));
        let owned = sign.turn("e", b"").owned().await_restart().keep_args();
        assert_eq!(owned.await.unwrap(), ("d", 0));
        assert_eq!(Painter::named().repaint("red").await, Ok(Ok("wet")));

        let letter = street.letters().start_child("dear").await.unwrap();
        assert_eq!(letter.text().await_restart().await, Ok("dear"));
        let start = street.letters().start_child("all");
        let letter = start.restart(Restart::Temporary).keep_args().await.unwrap();
        assert_eq!(letter.text().await, Ok("all"));
        let spec = Letter::child_spec("mine").with_id("mine");
        street.start_child(spec).keep_args().await.unwrap();
        street
            .start_child(Letter::child_spec("yours"))
            .await
            .unwrap();
        assert_eq!(street.boxes().resize(1).await, Ok(2));
        assert_eq!(
            street.boxes().route("key").text().await_restart().await,
            Ok("kept")
        );
        street.boxes().ready().await.unwrap();
        street.letters().ready().await.unwrap();
        street.ready().await.unwrap();
        assert_eq!(street.watch_readiness().changed().await, Ok(true));
        assert_eq!(
            street.letters().children().await.map(|all| all.len()),
            Ok(2)
        );
    });
    asking.await.unwrap();
}
