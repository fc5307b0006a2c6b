//! A cache whose entries have a time to live: a timer for each key, and a tick that lets go what nobody asks for.
//!
//! Run with `cargo run --example ttl_cache`. It checks what it finds, and ends by itself.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use suptree::Timer;
use suptree::prelude::*;

struct Entry<V> {
    value: V,
    expiry: Timer,
    was_read: bool,
}

struct Cache<K, V>(HashMap<K, Entry<V>>);

#[genserver]
impl<K: Hash + Eq + Clone + Send + 'static, V: Clone + Send + 'static> Cache<K, V> {
    #[init]
    fn init() -> Self {
        Self(HashMap::new())
    }

    #[cast]
    fn put(&mut self, key: K, value: V, ttl: Duration, cx: &mut Context<Self>) {
        let entry = Entry {
            value,
            expiry: cx.client().expire(key.clone()).send_after(ttl),
            was_read: true,
        };
        if let Some(old) = self.0.insert(key, entry) {
            old.expiry.cancel();
        }
    }

    #[call]
    fn get(&mut self, key: K) -> Option<V> {
        let entry = self.0.get_mut(&key)?;
        entry.was_read = true;
        Some(entry.value.clone())
    }

    #[call]
    fn left(&self, key: K) -> Option<Duration> {
        self.0.get(&key)?.expiry.left()
    }

    #[call]
    fn remove(&mut self, key: K) -> Option<V> {
        let entry = self.0.remove(&key)?;
        entry.expiry.cancel();
        Some(entry.value)
    }

    #[info]
    fn expire(&mut self, key: K) {
        // A timer whose message is on its way cannot be cancelled: there may be another entry by then, whose time is not over.
        let entry = self.0.get(&key);
        if entry.is_some_and(|entry| entry.expiry.left().is_none()) {
            self.0.remove(&key);
        }
    }

    /// Lets go what nobody has asked for since the last time.
    #[every(60s)]
    fn sweep(&mut self) {
        self.0.retain(|_, entry| {
            let was_read = std::mem::take(&mut entry.was_read);
            if !was_read {
                entry.expiry.cancel();
            }
            was_read
        });
    }
}

supervisor! { App { strategy: one_for_one, children: [Cache<&'static str, u32> as ages] } }

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seconds = Duration::from_secs;
    let app = App::start_link().await?;
    let ages = app.ages();

    ages.put("ana", 30, seconds(10)).await?;
    ages.put("bea", 40, seconds(1_000)).await?;
    assert_eq!(ages.get("ana").await?, Some(30));
    tokio::time::sleep(seconds(6)).await;
    assert_eq!(ages.left("ana").await?, Some(seconds(4)));

    // A new value has its own time.
    ages.put("ana", 31, seconds(10)).await?;
    tokio::time::sleep(seconds(6)).await;
    assert_eq!(ages.get("ana").await?, Some(31));
    tokio::time::sleep(seconds(5)).await;
    assert_eq!(ages.get("ana").await?, None);
    println!("ana: expired");

    // Nobody asks for it from one sweep to the next.
    tokio::time::sleep(seconds(100)).await;
    assert_eq!(ages.get("bea").await?, Some(40)); // after the first
    tokio::time::sleep(seconds(60)).await;
    assert_eq!(ages.get("bea").await?, Some(40)); // after the second, which found it read
    tokio::time::sleep(seconds(121)).await;
    assert_eq!(ages.get("bea").await?, None);
    println!("bea: swept");

    ages.put("eva", 50, seconds(1_000)).await?;
    assert_eq!(ages.remove("eva").await?, Some(50));

    // A crash loses the entries, and their timers with them.
    ages.put("eva", 51, seconds(10)).await?;
    let end = ages.monitor();
    ages.kill();
    end.await;
    app.which_children().await?;
    ages.put("eva", 52, seconds(60)).await?;
    tokio::time::sleep(seconds(20)).await;
    assert_eq!(ages.get("eva").await?, Some(52));
    println!("eva: still there");
    app.stop().await?;
    Ok(())
}
