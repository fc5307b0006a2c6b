use suptree::prelude::*;

struct Cache;

supervisor! { App<T: Clone + Send + 'static>(_value: T) { strategy: one_for_one, children: [dynamic caches: Cache] } }

fn main() {}
