pub mod cache {
    use suptree::prelude::*;

    struct Secret(u8);

    pub struct Cache(u8);

    #[genserver]
    impl Cache {
        #[init]
        fn init(secret: Secret) -> Self {
            Self(secret.0)
        }
        #[call]
        pub fn get(&self) -> u8 {
            self.0
        }
    }
}

fn main() {}
