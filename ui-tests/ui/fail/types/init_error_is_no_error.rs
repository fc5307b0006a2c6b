use suptree::prelude::*;

struct NotAnError;

struct Cache(u8);

#[genserver]
impl Cache {
    #[init]
    fn init() -> Result<Self, NotAnError> {
        let cache = Self(0);
        if cache.0 == 0 { Ok(cache) } else { Err(NotAnError) }
    }
}

fn main() {}
