use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {
    #[format_status]
    fn hide(&self, _status: &mut suptree::FormatStatus, _cx: &mut Context<Self>) {}
}

fn main() {}
