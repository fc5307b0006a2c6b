use suptree::prelude::*;

struct Config;

struct Counter(Config);

#[genserver]
impl Counter {
    #[init]
    fn init(config: Config) -> Self {
        Self(config)
    }
    #[cast]
    fn set(&mut self) {
        self.0 = Config;
    }
}

supervisor! { App { strategy: one_for_one, children: [Counter(Config)] } }

fn main() {}
