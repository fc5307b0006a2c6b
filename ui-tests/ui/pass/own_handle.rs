//! A child that is started on demand may keep the handle of its own supervisor, or of one further up.

use suptree::prelude::*;

struct Crawler(Crawlers, String);

#[genserver]
impl Crawler {
    #[init]
    fn init(crawlers: Crawlers, page: String) -> Self {
        Self(crawlers, page)
    }

    #[cast]
    async fn follow(&self, link: String) {
        let started = self.0.start_child((self.0.clone(), link)).await;
        started.unwrap_or_else(|error| panic!("{}: {error}", self.1));
    }
}

supervisor! { Crawlers { dynamic: Crawler } }

struct Session(App);

#[genserver]
impl Session {
    #[init]
    fn init(app: App) -> Self {
        Self(app)
    }

    #[call]
    async fn another(&self) -> bool {
        let sessions = self.0.sessions();
        sessions.start_child(self.0.clone()).await.is_ok()
    }
}

struct Guest<T: Clone + Send + Sync + 'static>(T, Guests<T>);

#[genserver]
impl<T: Clone + Send + Sync + 'static> Guest<T> {
    #[init]
    fn init(it: T, guests: Guests<T>) -> Self {
        Self(it, guests)
    }

    #[call]
    fn guests(&self) -> (T, Guests<T>) {
        (self.0.clone(), self.1.clone())
    }
}

supervisor! { Guests<T: Clone + Send + Sync + 'static>(it: T) { dynamic: Guest<T>, extra_arguments: [it] } }

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            dynamic sessions: Session,
            supervisor Below { strategy: one_for_one, children: [dynamic others: Session | Crawler] },
        ],
    }
}

fn main() {}
