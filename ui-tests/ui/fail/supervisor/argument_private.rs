mod cache {
    use suptree::prelude::*;

    #[derive(Clone)]
    struct Config;

    supervisor! { pub(crate) App(config: Config) { strategy: one_for_one, children: [] } }
}

fn main() {}
