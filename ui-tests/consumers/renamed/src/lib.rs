//! The macros in a crate where `suptree` goes by the name of `otp`: `#[genserver]` is told so, `supervisor!` knows.

use otp::prelude::*;

/// The same crate once more, as others may re-export it.
pub mod actors {
    pub use otp::*;
}

/// Keeps the last of what it is given.
#[derive(Debug, Default)]
pub struct Cache(Option<String>);

#[genserver(crate = ::otp, name = "cache", trap_exit, mailbox = 8, restart = transient, shutdown = 1s, last_message, protocols(Keeps))]
impl Cache {
    /// What is kept.
    #[call]
    pub fn get(&self) -> Option<String> {
        self.0.clone()
    }

    /// What is kept, by a reply of its own.
    #[call]
    pub async fn later(&mut self, reply: ReplyTo<Option<String>>, cx: &mut Context<Self>) {
        cx.reply(reply, self.0.take());
    }

    /// Keeps something else.
    #[cast]
    pub async fn save(&mut self, new: String) -> Result<(), std::fmt::Error> {
        self.0 = Some(new);
        Ok(())
    }

    /// A line that arrived.
    #[info]
    pub fn line(&mut self, line: String) {
        self.0 = Some(line);
    }

    #[exit]
    fn exit(&mut self, _from: Pid, reason: ExitReason) -> Result<(), ExitReason> {
        Err(reason)
    }

    #[terminate]
    fn close(&mut self) {
        self.0 = None;
    }
}

/// Keeps a text.
#[otp::protocol(crate = ::otp)]
pub trait Keeps {
    /// What is kept.
    #[call]
    fn get(&self) -> Option<String>;

    /// Keeps something else.
    #[cast]
    fn save(&mut self, new: String);
}

/// Counts, by way of a re-export, and with helpers by their full names.
#[derive(Debug)]
pub struct Counter<T>(T);

#[actors::genserver(crate = crate::actors, protocols(Counts<T>))]
impl<T: Clone + Send + 'static> Counter<T> {
    #[crate::actors::init]
    fn init(start: T) -> Self {
        Self(start)
    }

    /// How far it is.
    #[crate::actors::call]
    pub fn count(&self) -> T {
        self.0.clone()
    }
}

otp::supervisor! {
    /// The application.
    pub App(start: u64, name = "app") {
        strategy: one_for_one,
        children: [Cache, Counter::<u64>(start) as counter { shutdown: 1s }],
    }
}

actors::supervisor! { pub Counters(name = "counters") { dynamic: Counter<u64> } }

/// Counts, whatever it is.
#[actors::protocol(crate = crate::actors)]
pub trait Counts<T> {
    /// How far it is.
    #[call]
    fn count(&self) -> T;
}

/// A server of any name, for crates that do not know where `suptree` is.
#[macro_export]
macro_rules! echo {
    ($server:ident) => {
        /// Says it again.
        #[derive(Debug, Default)]
        pub struct $server;

        #[$crate::actors::genserver(crate = $crate::actors)]
        impl $server {
            /// Says it again.
            #[call]
            pub fn say(&self, what: String) -> String {
                what
            }
        }

        $crate::actors::supervisor! {
            /// Of one who says it again.
            pub Echoes { strategy: one_for_one, children: [$server as echo] }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everything_runs() {
        let app = App::start_link(7).await.unwrap();
        app.cache().save("hola").await.unwrap();
        assert_eq!(Cache::named().get().await, Ok(Some("hola".to_owned())));
        let keeps = KeepsClient::from(app.cache());
        keeps.save("adiós").await.unwrap();
        assert_eq!(keeps.get().await, Ok(Some("adiós".to_owned())));
        app.cache().send("a line".to_owned()).await.unwrap();
        assert_eq!(app.cache().later().await, Ok(Some("a line".to_owned())));
        assert_eq!(app.counter().count().await, Ok(7));
        let counters = Counters::start_link().await.unwrap();
        let counter = Counters::named().start_child(3_u64).await.unwrap();
        assert_eq!(CountsClient::from(counter).count().await, Ok(3));
        counters.stop().await.unwrap();
        app.stop().await.unwrap();
    }
}
