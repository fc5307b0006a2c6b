use suptree::prelude::*;

struct Config;

supervisor! { App<T: Clone + Send + 'static>(_value: T, _config: Config) { strategy: one_for_one, children: [] } }

fn main() {}
