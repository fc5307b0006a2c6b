use suptree::prelude::*;

// WRONG
// RIGHT: #[derive(Clone)]
pub struct Config;

pub struct Cache(Config);

#[genserver]
impl Cache {
    #[init]
    fn init(config: Config) -> Self {
        Self(config)
    }

    #[cast]
    fn set(&mut self) {
        self.0 = Config;
    }
}

supervisor! { App { strategy: one_for_one, children: [Cache(Config)] } }
