use suptree::prelude::*;

#[derive(Default)]
struct Cache;

#[genserver]
impl Cache {}


supervisor! { App(path: std::borrow::Cow<str>) { strategy: one_for_one, children: [Cache, task print: print(path)] } }

async fn print(path: std::borrow::Cow<'static, str>) {
    println!("{path}");
}

fn main() {}
