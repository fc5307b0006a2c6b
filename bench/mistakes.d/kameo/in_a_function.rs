pub fn run() { // ODD
    // PLAIN:
    use kameo::prelude::*;

    pub struct Item(pub String);

    #[derive(Actor)]
    pub struct Cache(Option<Item>);

    #[messages]
    impl Cache {
        #[message]
        fn put(&mut self, item: Item) {
            self.0 = Some(item);
        }

        #[message]
        fn size(&self) -> usize {
            self.0.as_ref().map_or(0, |item| item.0.len())
        }
    }
} // ODD
// PLAIN:
