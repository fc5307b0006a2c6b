use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[format_status]
    fn shown(&self, status: &mut String) {
        status.clear();
    }
}

fn main() {}
