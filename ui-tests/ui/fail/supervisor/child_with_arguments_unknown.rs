use suptree::prelude::*;
struct Counter(u64);
#[genserver]
impl Counter {
    #[init]
    fn init(start: u64, step: u32) -> Self { let _ = step; Self(start) }
    #[call]
    fn get(&self) -> u64 { self.0 }
}
struct Room(String);
#[genserver]
impl Room {
    #[init]
    fn init(name: String) -> Self { Self(name) }
    #[call]
    async fn name(&self) -> String { self.0.clone() }
    #[cast]
    fn say(&mut self, line: String) { self.0 = line; }
}
#[derive(Default)]
struct Cache(Option<String>);
#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> Option<String> { self.0.clone() }
}

supervisor! { App { strategy: one_for_one, children: [Conter(1, 2) as counter] } }
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> { let app = App::start_link().await?; app.counter().get().await?; Ok(()) }
