mod cache {
    use suptree::prelude::*;

    #[derive(Default)]
    struct Cache;

    #[genserver]
    impl Cache {}

    supervisor! { pub(crate) Caches { dynamic: Cache } }
}

fn main() {}
