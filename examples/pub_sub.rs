//! Publish and subscribe over process groups: who has a topic's news is a group, and who dies has left it.
//!
//! Run with `cargo run --example pub_sub`. It checks what it prints, and ends by itself.

use std::sync::Arc;

use suptree::prelude::*;
use suptree::{GroupEvent, Groups, RegisterErrorKind};

/// What is published: shared by all that have it.
type News = Arc<str>;

/// The topics of a program. Cloning gives the same ones.
#[derive(Clone)]
struct PubSub(Groups<String, SubscriberClient>);

impl PubSub {
    fn new() -> Self {
        Self(Groups::new())
    }

    fn subscribe(&self, topic: &str, who: &SubscriberClient) -> Result<(), RegisterErrorKind> {
        self.0.group(topic.to_owned()).join(who)
    }

    fn unsubscribe(&self, topic: &str, who: &SubscriberClient) {
        let _was_none = self.0.group(topic.to_owned()).leave(who);
    }

    /// To how many it went. Nobody is waited for: who has a full mailbox misses it.
    fn publish(&self, topic: &str, news: impl Into<News>) -> usize {
        let (group, news) = (self.0.group(topic.to_owned()), news.into());
        let missed = group.broadcast(|who| who.hear(Arc::clone(&news)).try_send());
        group.len() - missed.len()
    }
}

/// Subscribes itself.
#[derive(Default)]
struct Subscriber(Vec<News>);

#[genserver(mailbox = 64)]
impl Subscriber {
    #[init]
    fn init(
        topics: Vec<String>,
        pub_sub: PubSub,
        cx: &mut Context<Self>,
    ) -> Result<Self, RegisterErrorKind> {
        for topic in topics {
            pub_sub.subscribe(&topic, &cx.client())?;
        }
        Ok(Self::default())
    }

    #[cast]
    fn hear(&mut self, news: News) {
        self.0.push(news);
    }

    #[call]
    fn heard(&self) -> Vec<News> {
        self.0.clone()
    }
}

supervisor! {
    App(pub_sub: PubSub) {
        strategy: one_for_one,
        children: [
            Subscriber(vec!["sport".into(), "weather".into()], pub_sub) as ana,
            Subscriber(vec!["sport".into()], pub_sub) as bea,
        ],
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    suptree::remove_default_handler();
    let pub_sub = PubSub::new();
    let app = App::start_link(pub_sub.clone()).await?;
    let (ana, bea) = (app.ana(), app.bea());

    assert_eq!(pub_sub.publish("sport", "1:0"), 2);
    assert_eq!(pub_sub.publish("weather", "rain"), 1);
    assert_eq!(pub_sub.publish("chess", "e4"), 0);
    println!("ana: {:?}", ana.heard().await?);
    println!("bea: {:?}", bea.heard().await?);
    assert_eq!(ana.heard().await?, ["1:0".into(), "rain".into()]);
    assert_eq!(bea.heard().await?, ["1:0".into()]);

    // Who dies has left, and who is started again subscribes again.
    let (members, mut events) = pub_sub.0.group("sport".to_owned()).monitor();
    assert_eq!(members.len(), 2);
    let end = bea.monitor();
    bea.kill();
    end.await;
    assert!(matches!(events.recv().await, Some(GroupEvent::Leave(_))));
    assert!(matches!(events.recv().await, Some(GroupEvent::Join(_))));
    assert_eq!(pub_sub.publish("sport", "2:0"), 2);
    assert_eq!(bea.heard().await?, ["2:0".into()]);

    pub_sub.unsubscribe("sport", &bea);
    assert_eq!(pub_sub.publish("sport", "3:0"), 1);

    // The slow do not hold up the others.
    let missed = (0..100)
        .filter(|_| pub_sub.publish("weather", "sun") == 0)
        .count();
    assert!((1..100).contains(&missed), "missed: {missed}");
    println!("one is slow, and misses some");
    app.stop().await?;
    Ok(())
}
