use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[format_status]
    async fn hide(&self, _status: &mut suptree::FormatStatus) {}
}

fn main() {}
