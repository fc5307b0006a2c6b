use kameo::prelude::*;

#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    #[message]
    fn option(&self) -> Option<String> { // ODD
    // PLAIN: fn get(&self) -> Option<String> {
        self.0.clone()
    }

    #[message]
    fn string(&self, default: String) -> String { // ODD
    // PLAIN: fn get_or(&self, default: String) -> String {
        self.0.clone().unwrap_or(default)
    }
}
