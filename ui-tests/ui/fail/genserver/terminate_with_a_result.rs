use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[terminate]
    fn close(&mut self) -> Result<(), std::io::Error> {
        Ok(())
    }
}

fn main() {}
