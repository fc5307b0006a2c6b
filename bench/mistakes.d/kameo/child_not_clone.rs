use kameo::error::Infallible;
use kameo::prelude::*;

// WRONG
// RIGHT: #[derive(Clone)]
pub struct Config;

pub struct Cache(Config);

impl Actor for Cache {
    type Args = Config;
    type Error = Infallible;

    async fn on_start(config: Config, _: ActorRef<Self>) -> Result<Self, Infallible> {
        Ok(Self(config))
    }
}

#[messages]
impl Cache {
    #[message]
    fn set(&mut self) {
        self.0 = Config;
    }
}

pub struct App;

impl Actor for App {
    type Args = ();
    type Error = Infallible;

    async fn on_start(_: (), app: ActorRef<Self>) -> Result<Self, Infallible> {
        Cache::supervise(&app, Config).spawn().await;
        Ok(Self)
    }
}
