//! The article's Cache once more, by hand on the `GenServer` trait: without the macro, the same core.

#[path = "hand/cache.rs"]
mod cache;

use suptree::{CallError, ExitReason, GenServer, ServerRef, start_link};

use cache::{Cache, CacheCall, CacheCast};

#[tokio::test]
async fn a_server_without_the_macro_answers() {
    let cache: ServerRef<Cache> = start_link::<Cache>(()).await.unwrap();
    assert_eq!(cache.call_with(CacheCall::Get).await, Ok(None));
    cache.cast(CacheCast::Save("hola".into())).await.unwrap();
    assert_eq!(
        cache.call_with(CacheCall::Get).await,
        Ok(Some("hola".into()))
    );
    let down = cache.monitor();
    cache.kill();
    assert_eq!(down.await.reason, ExitReason::Killed);
    assert_eq!(
        cache.call_with(CacheCall::Get).await,
        Err(CallError::NoProc)
    );
    assert_eq!(<Cache as GenServer>::name(&()), None);
}
