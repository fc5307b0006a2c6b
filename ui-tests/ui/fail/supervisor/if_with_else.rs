use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}


supervisor! { App(cached: bool) { strategy: one_for_one, children: [if cached => Cache else Cache as none] } }

fn uses(app: &App) {
    app.cache();
}

fn main() {}
