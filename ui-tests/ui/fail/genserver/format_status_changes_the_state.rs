use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[format_status]
    fn hide(&mut self, _status: &mut suptree::FormatStatus) {}
}

fn main() {}
