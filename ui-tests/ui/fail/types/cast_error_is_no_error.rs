use suptree::prelude::*;

struct NotAnError;

#[derive(Default)]
struct Cache(u8);

#[genserver]
impl Cache {
    #[cast]
    fn save(&mut self, new: u8) -> Result<(), NotAnError> {
        self.0 = new;
        Err(NotAnError)
    }
}

fn main() {}
