use ractor::{ActorProcessingErr, ActorRef};
use ractor_supervisor::{ChildSpec, Restart, SpawnFn, Supervisor};

#[derive(Clone)]
pub struct Config;

pub struct Cache;

#[ractor::actor(message = pub enum CacheMessage, state = Config, arguments = Config)]
impl Cache {
    async fn pre_start(&self, _: ActorRef<CacheMessage>, config: Config) -> Result<Config, ActorProcessingErr> {
        Ok(config)
    }

    #[ractor::message(Set)]
    fn set(&self, state: &mut Config) {
        *state = Config;
    }
}

pub fn cache(config: Config) -> ChildSpec {
    let spawn_fn = SpawnFn::new(move |supervisor, id| {
        let config = config; // WRONG
        // RIGHT: let config = config.clone();
        async move {
            let (cache, _) = Supervisor::spawn_linked(id, Cache, config, supervisor).await?;
            Ok(cache.get_cell())
        }
    });
    ChildSpec { id: "cache".to_owned(), restart: Restart::Permanent, spawn_fn, backoff_fn: None, reset_after: None }
}
