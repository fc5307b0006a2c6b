//! The timeout of a call where its handler declares it.

use std::time::Duration;

use suptree::prelude::*;
use tokio::time::Instant;

use crate::support::ms;

const WHOLE_DAY: Duration = Duration::from_secs(24 * 3600);
const LONGER: Duration = Duration::from_secs(30);

#[derive(Default)]
struct Archive;

#[genserver(name = "archive of R330")]
impl Archive {
    #[call]
    async fn usual(&self) {
        tokio::time::sleep(WHOLE_DAY).await;
    }

    #[call(timeout = 30s)]
    async fn longer(&self) {
        tokio::time::sleep(WHOLE_DAY).await;
    }

    #[call(timeout = 20ms)]
    async fn shorter(&self) {
        tokio::time::sleep(WHOLE_DAY).await;
    }

    #[call(timeout = LONGER)]
    fn constant(&self, reply: ReplyTo<()>) {
        tokio::spawn(async move {
            tokio::time::sleep(WHOLE_DAY).await;
            reply.send(());
        });
    }

    #[call(timeout = infinity)]
    async fn without(&self) -> u8 {
        tokio::time::sleep(WHOLE_DAY).await;
        7
    }
}

/// How long the call has waited.
async fn waited<R>(
    call: impl Future<Output = Result<R, CallError>>,
) -> (Duration, Option<CallError>) {
    let began = Instant::now();
    let error = call.await.err();
    (began.elapsed(), error)
}

/// Ends the server, whose handler sleeps.
async fn end(archive: &ArchiveClient) {
    let end = archive.monitor();
    archive.kill();
    end.await;
}

/// A timeout of a second or more may be over a tick early (D6).
fn about(found: &(Duration, Option<CallError>), timeout: Duration) {
    let (waited, error) = found;
    assert_eq!(error, &Some(CallError::Timeout(timeout)));
    let early = timeout.saturating_sub(ms(10));
    assert!(
        (early..=timeout + ms(1)).contains(waited),
        "{waited:?} of {timeout:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn r330_a_handler_says_how_long_its_callers_wait() {
    let seconds = Duration::from_secs;
    // A server each: what they are asked for takes a day.
    let start = async || Archive::start().await.unwrap();
    let archive = start().await;
    about(&waited(archive.longer()).await, seconds(30));
    about(&waited(archive.usual()).await, seconds(5));
    about(&waited(archive.shorter()).await, ms(20));
    about(&waited(archive.constant()).await, LONGER);
    end(&archive).await;
    let archive = start().await;
    let (waited, error) = waited(archive.without()).await;
    assert_eq!((waited, error), (WHOLE_DAY, None));
}

#[tokio::test(start_paused = true)]
async fn r330_a_call_says_something_else() {
    let archive = Archive::start().await.unwrap();
    about(&waited(archive.longer().timeout(ms(50))).await, ms(50));
    about(&waited(archive.without().timeout(ms(50))).await, ms(50));
    about(&waited(archive.shorter().timeout(LONGER)).await, LONGER);
    // Also where the call is one of its own, or waits for a restart.
    about(&waited(archive.longer().owned()).await, LONGER);
    about(&waited(archive.shorter().await_restart()).await, ms(20));
    let named = Archive::named();
    about(&waited(named.longer()).await, LONGER);
    end(&archive).await;
    let archive = Archive::start().await.unwrap();
    let (waited, error) = waited(archive.shorter().no_timeout()).await;
    assert_eq!((waited, error), (WHOLE_DAY, None));
}
