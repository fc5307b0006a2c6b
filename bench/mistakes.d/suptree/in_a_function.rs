pub fn run() { // ODD
    // PLAIN:
    use suptree::prelude::*;

    pub struct Item(pub String);

    #[derive(Default)]
    pub struct Cache(Option<Item>);

    #[genserver]
    impl Cache {
        #[cast]
        fn put(&mut self, item: Item) {
            self.0 = Some(item);
        }

        #[call]
        fn size(&self) -> usize {
            self.0.as_ref().map_or(0, |item| item.0.len())
        }
    }
} // ODD
// PLAIN:
