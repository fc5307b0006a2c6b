use suptree::prelude::*;

struct Config;

struct Reader(Config);

#[genserver]
impl Reader {
    #[init]
    fn init(config: Config) -> Self {
        Self(config)
    }
    #[cast]
    fn set(&mut self) {
        self.0 = Config;
    }
}

supervisor! { App { strategy: one_for_one, children: [partition pool: Reader(Config)] } }

fn main() {}
